"""Scope: the entries of two or more sides for one technology, side by side, and what curated pairs say about them."""

from __future__ import annotations

from collections.abc import Container, Sequence

import pandas as pd

from analysis.compare.coverage import sides_of
from analysis.compare.thresholds import Measures, compare
from analysis.compare.wording import name, short, shown, threshold_text
from analysis.encoding.forms import GRADES, Mapping, grade_of, holds
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, Side
from analysis.encoding.timeline import State

_ENTRY = (
    "side side_label layer code label scope thresholds except reasons origin licence authorisations since "
    "first start by pinpoint marks grade_text grade_thresholds grade_dates checked against technologies file"
).split()


def within(library: Library, technology: str) -> set[str]:
    """The node and everything below it."""
    return set(library.vocabulary.under(technology))


def about(library: Library, state: State, nodes: set[str]) -> bool:
    """Whether a state names one of ``nodes`` (aliases count)."""
    return not nodes.isdisjoint(library.vocabulary.nodes(state.technologies))


def entries(library: Library, sides: Sequence[str | Side], as_of: str, technology: str | None) -> pd.DataFrame:
    """One row per entry in force on the side's day that names ``technology`` or something below it (None: every entry).

    Columns: side, side_label, layer, code, label, scope, thresholds (text; "not encoded" where unknown), except, reasons,
    origin, licence, authorisations, since (start of the state), first (start of the first state), start, by, pinpoint, marks,
    grade_text, grade_thresholds, grade_dates, checked, against, technologies, file.
    """
    nodes = within(library, technology) if technology else None
    measures = Measures(library.vocabulary.quantities)
    rows = []
    for side in sides_of(library, sides, as_of):
        for listing in side.listed:
            if nodes is None or about(library, listing.state, nodes):
                rows.append(_row(side, listing, measures))
    return pd.DataFrame(rows, columns=_ENTRY)


def _row(side: Side, listing: Listing, measures: Measures) -> dict[str, object]:
    state = listing.state
    newest = max((e for e in state.evidence if e.checked), key=lambda e: e.checked or "", default=None)
    return {
        "side": side.text,
        "side_label": side.label,
        **_says(listing, measures),
        "scope": state.scope or "",
        "except": shown(state, "except") or "",
        "origin": (state.origin or "not stated").replace("-", " "),
        "start": state.start,
        "checked": newest.checked if newest else "",
        "against": newest.against if newest else "",
        "file": listing.control.place,
    }


#: Columns of ``pairs`` that stand once for each side, as ``<name>_a`` and ``<name>_b``.
_BOTH = (
    "layer code label technologies thresholds reasons origin licence authorisations binds first start since since_start by "
    "pinpoint marks grade_text grade_thresholds grade_dates"
).split()
_PAIR = [
    *(f"{name}_{end}" for end in "ab" for name in _BOTH),
    *"relation reason mapped_grade mapped_checked verdict sentence grade file".split(),
]


def pairs(library: Library, a: str | Side, b: str | Side, as_of: str, technology: str | None = None) -> pd.DataFrame:
    """Curated pairs of two sides: relation, threshold verdict, and what both entries say.

    Columns, once for each side (``..._a``, ``..._b``): layer, code, label, technologies, thresholds (text), reasons, origin,
    licence, authorisations, binds ("" where the version does not state it), first and start (start of the first state;
    "exact" or "on-or-before"), since and since_start (start of this state), by, pinpoint, marks, grade_text,
    grade_thresholds, grade_dates. Then relation (read from A to B), reason, mapped_grade and mapped_checked (evidence of
    the pair), verdict, sentence, grade (weaker threshold grade of the two), file. Both entries must be in force on the
    day; with ``technology`` one of them must name it.
    """
    side_a, side_b = sides_of(library, [a, b], as_of)
    measures = Measures(library.vocabulary.quantities)
    nodes = within(library, technology) if technology else None
    mine, theirs = ({x.key: x for x in side.listed} for side in (side_a, side_b))
    rows = []
    for mapping in library.mappings:
        if not holds(mapping, as_of):
            continue
        left, right, relation = oriented(mapping, mine, theirs)
        if left not in mine or right not in theirs:
            continue
        x, y = mine[left], theirs[right]
        if nodes is not None and not (about(library, x.state, nodes) or about(library, y.state, nodes)):
            continue
        verdict = compare(
            measures.state(x.state, name(x.layer, x.control)),
            measures.state(y.state, name(y.layer, y.control)),
            measures,
        )
        row = {f"{k}_a": v for k, v in _end(x, measures).items()}
        row |= {f"{k}_b": v for k, v in _end(y, measures).items()}
        row |= {
            "relation": relation,
            "reason": mapping.reason,
            "mapped_grade": min((grade_of(mapping.evidence, w) for w in ("text", "content")), key=GRADES.index),
            "mapped_checked": mapping.checked,
            "verdict": verdict.verdict,
            "sentence": verdict.sentence,
            "grade": max((grade_of(s.evidence, "thresholds") for s in (x.state, y.state)), key=GRADES.index),
            "file": mapping.place,
        }
        rows.append(row)
    return pd.DataFrame(rows, columns=_PAIR)


def oriented(
    mapping: Mapping, mine: Container[tuple[str, str]], theirs: Container[tuple[str, str]]
) -> tuple[tuple[str, str], tuple[str, str], str]:
    """The ends and the relation of a pair, turned round where that makes its first end one of ``mine``."""
    left, right = mapping.a.key, mapping.b.key
    if left in theirs and right in mine and not (left in mine and right in theirs):
        mirror = {"broadMatch": "narrowMatch", "narrowMatch": "broadMatch"}
        return right, left, mirror.get(mapping.relation, mapping.relation)
    return left, right, mapping.relation


def _end(listing: Listing, measures: Measures) -> dict[str, object]:
    """One end of a pair, without the suffix of its side."""
    state = listing.state
    return {
        **_says(listing, measures),
        "origin": state.origin or "",
        "binds": ", ".join(state.version.binds or []),
        "start": listing.timeline.states[0].start,
        "since_start": state.start,
    }


def _says(listing: Listing, measures: Measures) -> dict[str, object]:
    """What an entry says on its day, in the columns that ``entries`` and ``pairs`` share."""
    state = listing.state
    return {
        "layer": listing.layer,
        "code": listing.code,
        "label": listing.control.label,
        "technologies": list(state.technologies),
        "thresholds": threshold_text(state, measures),
        "reasons": ", ".join(state.reasons or []),
        "licence": shown(state, "licence") or "",
        "authorisations": shown(state, "authorisations") or "",
        "first": listing.timeline.states[0].from_,
        "since": state.from_,
        "by": state.by,
        "pinpoint": state.pinpoint,
        "marks": listing.standing.remarks,
        "grade_text": grade_of(state.evidence, "text"),
        "grade_thresholds": grade_of(state.evidence, "thresholds"),
        "grade_dates": grade_of(state.evidence, "dates"),
    }


def unpaired(table: pd.DataFrame, pairs_: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``entries`` that no curated pair of the same comparison names: what only one side has, or is unmapped."""
    paired = set(zip(pairs_["layer_a"], pairs_["code_a"], strict=True)) | set(
        zip(pairs_["layer_b"], pairs_["code_b"], strict=True)
    )
    if not len(table):
        return table
    return table[[(layer, code) not in paired for layer, code in zip(table["layer"], table["code"], strict=True)]]


__all__ = ["about", "entries", "oriented", "pairs", "short", "unpaired", "within"]
