"""Two sides compared in scope: curated pairs with everything that differs, what several entries make together, what only
one side has, how the items ran through time, and, always apart, suggestions for what nobody has judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.compare import leadlag
from analysis.compare.courses import course
from analysis.compare.coverage import sides_of
from analysis.compare.differences import FIELDS, differences
from analysis.compare.scope import entries, oriented, pairs, unpaired
from analysis.compare.spans import spans
from analysis.compare.suggest import FAIR, MOST, suggest
from analysis.compare.thresholds import Measures, compare
from analysis.compare.wording import listed, name, short
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, Side
from analysis.encoding.timeline import day_after

_TIMES = "listed exact via instrument".split()


@dataclass(frozen=True)
class Scope:
    """The result of ``scope``: the two sides, the day, the technology (None: all), and one tidy table per question.

    ``pairs`` and ``together``: see the functions below. ``only_a`` and ``only_b``: entries that stand in no pair of the
    comparison (columns of ``analysis.compare.scope.entries``, and former: what they met that no longer stands). ``course``:
    dated steps (``analysis.compare.courses``). ``suggestions``: candidates for entries without a pair
    (``analysis.compare.suggest``), none of them curated.
    """

    a: Side
    b: Side
    as_of: str
    technology: str | None
    pairs: pd.DataFrame
    together: pd.DataFrame
    only_a: pd.DataFrame
    only_b: pd.DataFrame
    course: pd.DataFrame
    suggestions: pd.DataFrame


def scope(
    library: Library,
    a: str | Side,
    b: str | Side,
    as_of: str,
    technology: str | None = None,
    *,
    min_score: float = FAIR,
    most: int = MOST,
) -> Scope:
    """Compare two sides in scope. ``min_score`` and ``most`` limit the suggestions, nothing else.

    Columns of ``pairs``: those of ``analysis.compare.scope.pairs``, then ``diff_<field>`` for reasons, licence,
    authorisations, origin and binds (a sentence; "" where both say the same), and from ``analysis.compare.leadlag``
    listed_a, exact_a, via_a, instrument_a (first listing of the item, also under an older code), the same for B,
    first_side ("a", "b", "same", ""), days_effective, at_least, kind.
    """
    side_a, side_b = sides_of(library, [a, b], as_of)
    table = paired(library, side_a, side_b, as_of, technology)
    here, there = (entries(library, [s], as_of, technology) for s in (side_a, side_b))
    # An entry may be paired with one that this technology does not name.
    every = pairs(library, side_a, side_b, as_of) if technology else table
    guesses = suggest(library, side_a, side_b, as_of, technology, min_score=min_score, most=most, left_only=True)
    if len(guesses):
        guesses = guesses[~guesses["curated"].astype(bool)].reset_index(drop=True)
    return Scope(
        side_a,
        side_b,
        as_of,
        technology,
        table,
        together(library, side_a, side_b, table),
        _only(library, unpaired(here, every), side_a, side_b),
        _only(library, unpaired(there, every), side_b, side_a),
        course(library, side_a, side_b, as_of, technology),
        guesses,
    )


def paired(library: Library, a: Side, b: Side, as_of: str, technology: str | None = None) -> pd.DataFrame:
    """Curated pairs with differences and first listings; columns as ``scope`` says."""
    table = pairs(library, a, b, as_of, technology)
    mine, theirs = ({x.key: x for x in side.listed} for side in (a, b))
    times = leadlag.cases(library, a, b, as_of, technology, related=True, searched=False)
    by_codes = {(r["layer_a"], r["code_a"], r["layer_b"], r["code_b"]): r for r in times.to_dict("records")}
    keep = [*(f"{t}_{end}" for end in "ab" for t in _TIMES), "first_side", "days_effective", "at_least", "kind"]
    rows = []
    for r in table.to_dict("records"):
        x, y = mine[r["layer_a"], r["code_a"]], theirs[r["layer_b"], r["code_b"]]
        said = differences(library, x.layer, x.state, y.layer, y.state)
        row: dict[str, object] = {f"diff_{field}": said.get(field, "") for field in FIELDS}
        case: Mapping[str, Any] = by_codes.get((x.layer, x.code, y.layer, y.code), {})
        row |= {k: case.get("first" if k == "first_side" else k) for k in keep}
        rows.append(row)
    more = pd.DataFrame(rows, columns=[*(f"diff_{f}" for f in FIELDS), *keep], dtype=object)
    return pd.concat([table, more], axis=1)


def _only(library: Library, table: pd.DataFrame, mine: Side, other: Side) -> pd.DataFrame:
    """Entries without a pair, with what a curated pair joined them to before it went."""
    gone = {x.key: x for x in other.listings if not x.standing.listed and x.standing.state}
    there = {x.key for x in mine.listed}
    notes: dict[tuple[str, str], list[str]] = {}
    for mapping in library.mappings:
        left, right, relation = oriented(mapping, there, gone)
        if relation in leadlag.SAME and left in there and right in gone:
            last = spans(gone[right].timeline, other.as_of)[-1:]
            if last and last[0].until:
                until = day_after(last[0].until)
                word = last[0].ending if last[0].ending in ("displaced", "ended") else "gone"
                notes.setdefault(left, []).append(f"met {name(right[0], gone[right].control)}, {word} since {until}")
    former = ["; ".join(notes.get(key, ())) for key in zip(table["layer"], table["code"], strict=True)]
    return table.assign(former=former).reset_index(drop=True)


def together(library: Library, a: Side, b: Side, table: pd.DataFrame) -> pd.DataFrame:
    """Entries that meet several of the other side: the verdict against all of those together.

    ``table`` holds the pairs; ``relatedMatch`` does not count. Only where the entry and all its partners state numbers.
    Columns: side ("a" or "b": where the one entry stands), layer, code, label, others (codes), verdict and sentence (A against
    B, as for pairs).
    """
    measures = Measures(library.vocabulary.quantities)
    by = {"a": {x.key: x for x in a.listed}, "b": {x.key: x for x in b.listed}}
    rows = []
    for end, other in (("a", "b"), ("b", "a")):
        met: dict[tuple[str, str], list[Listing]] = {}
        for r in table[table["relation"] != "relatedMatch"].to_dict("records"):
            key = (r[f"layer_{end}"], r[f"code_{end}"])
            met.setdefault(key, []).append(by[other][r[f"layer_{other}"], r[f"code_{other}"]])
        for key, partners in met.items():
            if len(partners) < 2:
                continue
            one = by[end][key]
            mine = measures.state(one.state, name(one.layer, one.control))
            sets = [measures.state(p.state, name(p.layer, p.control)) for p in partners]
            if not mine.quantities or any(s.cells is None or not s.quantities for s in sets):
                continue
            union = measures.together(_names(partners), sets)
            first, second = (mine, union) if end == "a" else (union, mine)
            said = compare(first, second, measures)
            rows.append(
                {
                    "side": end,
                    "layer": key[0],
                    "code": key[1],
                    "label": one.control.label,
                    "others": [p.code for p in partners],
                    "verdict": said.verdict,
                    "sentence": said.sentence,
                }
            )
    return pd.DataFrame(rows, columns="side layer code label others verdict sentence".split(), dtype=object)


def _names(partners: Sequence[Listing]) -> str:
    return f"the {listed(short(p.layer) for p in partners)} entries together"


def as_json(found: Scope) -> dict[str, Any]:
    """Everything as plain data, in the order in which the terminal prints it."""

    def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
        return [{k: _plain(v) for k, v in row.items()} for row in table.to_dict("records")]

    from analysis.compare.suggest import as_json as suggested

    return {
        "a": found.a.text,
        "b": found.b.text,
        "as_of": found.as_of,
        "technology": found.technology,
        "pairs": plain(found.pairs),
        "together": plain(found.together),
        "only_a": plain(found.only_a),
        "only_b": plain(found.only_b),
        "course": plain(found.course),
        "suggestions": suggested(found.suggestions),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return None if pd.isna(value) else value
    return value.item() if hasattr(value, "item") else str(value)
