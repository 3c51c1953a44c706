"""Suggestions for pairs of entries that nobody has judged yet. A suggestion is a reading list, never a finding.

The score of a pair is a weighted sum of parts, each from 0 to 1:

========== ====== ==========================================================================================
part       weight what it measures
========== ====== ==========================================================================================
label      0.28   likeness of the labels (RapidFuzz token ratio), above what unrelated labels reach
scope      0.24   likeness of the described scopes (RapidFuzz token set ratio), above what unrelated texts reach
technology 0.12   nearness in the technology tree: one node 1, parent and child 0.6, siblings 0.4, one branch 0.2
quantities 0.08   share of threshold quantities in common (Jaccard); multiples of one quantity count as one
bounds     0.08   share of bounds in common, to the number, in canonical units (Jaccard)
code       0.20   kinship of the codes (same entry and paragraph, or entries of sister series, 4A506 and 4A906), as far
                  as words agree: at most twice the better of label and scope
========== ====== ==========================================================================================

A part that does not apply to a pair (no number on either side; a code that is no list code) drops out and the weights of
the others are scaled up to 1. The same code in two lists can mean two things, so a code without any likeness of words
counts for nothing. The weights say that words weigh half, the code a fifth, and what is encoded (technology, numbers) the
rest; on curated pairs that are left out, weights searched on the others find hardly more than these
(``benchmarks/suggestions.py --fit``). The score does not look at curated pairs, so hiding one changes nothing but its mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from analysis.compare.boxes import Flag
from analysis.compare.coverage import sides_of
from analysis.compare.scope import about, within
from analysis.compare.spans import plain
from analysis.compare.thresholds import Measures
from analysis.encoding.forms import holds
from analysis.encoding.library import Library, Vocabulary
from analysis.encoding.sides import Listing, Side

#: Weights of the parts; see the module's text.
WEIGHTS: dict[str, float] = {
    "label": 0.28,
    "scope": 0.24,
    "technology": 0.12,
    "quantities": 0.08,
    "bounds": 0.08,
    "code": 0.20,
}
PARTS = tuple(WEIGHTS)
#: Below this a suggestion is not worth reading.
MIN_SCORE = 0.3
#: From here on the first suggestion for an entry is right nearly always, if there is a counterpart at all.
FAIR = 0.45
#: Suggestions per entry.
MOST = 3
#: RapidFuzz ratios (0 to 100) that unrelated texts of this kind reach.
_NOISE = {"label": 35.0, "scope": 40.0}
_COLUMNS = (
    "layer_a code_a label_a technologies_a layer_b code_b label_b technologies_b score label scope technology quantities "
    "bounds code curated rank_a rank_b"
)
# Words that stand in most scopes and so tell nothing.
_COMMON = frozenset(
    "a all also an and any are as at be been between by can entries entry for from has have in into is it its just least less "
    "list listed made more most no not of on one only or other out over own same specially such than that the their them "
    "these they this those to two under up use used using when where which while whose with".split()
)
_CODE = re.compile(r"^([0-9])([A-E])([0-9])([0-9]{2})(?:\.(.+))?$")

Matrix = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Code:
    """A list code taken apart: ``4A906.a.1`` is category 4, group A, series 9, number 06, path (a, 1)."""

    category: str
    group: str
    series: str
    number: str
    path: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Code | None:
        """None for what is no code of a dual-use list (PL9013, entries without a number)."""
        match = _CODE.match(text)
        if not match:
            return None
        category, group, series, number, path = match.groups()
        return cls(category, group, series, number, tuple(path.split(".")) if path else ())


def kinship(a: str, b: str) -> float | None:
    """How near two codes are, 0 to 1; None when one of them is no list code.

    Same entry and paragraph 1; same entry 0.5 and more with every paragraph step in common; entries of sister series
    (3B501 and 3B001, 4A506 and 4A906) nine tenths of that; the same group (3B) 0.15; else 0.
    """
    one, two = Code.read(a), Code.read(b)
    if one is None or two is None:
        return None
    return _kinship(one, two)


def _kinship(a: Code, b: Code) -> float:
    if (a.category, a.group) != (b.category, b.group):
        return 0.0
    if a.number != b.number:
        return 0.15
    steps = 0
    for x, y in zip(a.path, b.path, strict=False):
        if x != y:
            break
        steps += 1
    longest = max(len(a.path), len(b.path))
    share = steps / longest if longest else 1.0
    if a.series == b.series:
        return 0.5 + 0.5 * share
    # Sister series: 5xx (Union) and 9xx (United States) hold items outside the regimes' lists.
    sisters = {a.series, b.series} & {"5", "9"}
    return 0.9 * (0.5 + 0.5 * share) if sisters else 0.2


def words(text: str) -> str:
    """A text as it is compared: lower-case words and numbers without those that stand everywhere."""
    return " ".join(w for w in re.findall(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", text.lower()) if w not in _COMMON)


@dataclass
class Candidates:
    """Entries of one side as the parts of the score see them."""

    listings: Sequence[Listing]
    measures: Measures
    vocabulary: Vocabulary
    codes: list[Code | None] = field(init=False)

    def __post_init__(self) -> None:
        self.codes = [Code.read(x.code) for x in self.listings]

    def __len__(self) -> int:
        return len(self.listings)

    @cached_property
    def labels(self) -> list[str]:
        return [words(x.control.label) for x in self.listings]

    @cached_property
    def scopes(self) -> list[str]:
        return [words(x.state.scope or "") for x in self.listings]

    @cached_property
    def nodes(self) -> list[frozenset[str]]:
        return [frozenset(self.vocabulary.nodes(x.state.technologies)) for x in self.listings]

    @cached_property
    def _numbers(self) -> list[tuple[set[str], set[tuple[object, ...]]]]:
        made = []
        for x in self.listings:
            cells = plain([self.measures.cell(b) for b in x.state.boxes or ()], self.measures)
            bounds: set[tuple[object, ...]] = set()
            for c in (c for cell in cells for c in cell):
                rest: tuple[object, ...] = (c.yes,) if isinstance(c, Flag) else (c.upper, Fraction(c.value), c.strict)
                bounds.add((c.quantity, *rest))
            made.append(({str(b[0]) for b in bounds}, bounds))
        return made

    @cached_property
    def quantities(self) -> list[set[str]]:
        return [q for q, _ in self._numbers]

    @cached_property
    def bounds(self) -> list[set[tuple[object, ...]]]:
        return [b for _, b in self._numbers]


def suggest(
    library: Library,
    a: str | Side,
    b: str | Side,
    as_of: str,
    technology: str | None = None,
    *,
    min_score: float = MIN_SCORE,
    most: int = MOST,
    left_only: bool = False,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Pairs of entries in force that may be about the same thing, best first.

    An entry has up to ``most`` partners of at least ``min_score``, counted from either side, so one entry may meet several.
    With ``technology`` one of the two must name it or something below it. With ``left_only`` one of the two must stand in no
    curated pair of these sides. ``weights`` replaces the documented ones.

    Columns: layer_a, code_a, label_a, technologies_a, layer_b, code_b, label_b, technologies_b, score (0 to 1), then what each
    part adds to the score (label, scope, technology, quantities, bounds, code; None where the part does not apply; they add
    up to the score), curated (the pair stands in mappings.yaml on the day), rank_a (place among the partners of the
    entry of A, from 1), rank_b.
    """
    side_a, side_b = sides_of(library, [a, b], as_of)
    measures = Measures(library.vocabulary.quantities)
    mine, theirs = side_a.listed, side_b.listed
    known = curated(library, as_of)
    nodes = within(library, technology) if technology else None

    def wanted(listings: Sequence[Listing], others: Sequence[Listing]) -> list[bool]:
        there = {x.key for x in others}
        met = {one for one, two in known if two in there}
        return [
            (nodes is None or about(library, x.state, nodes)) and not (left_only and x.key in met) for x in listings
        ]

    wanted_a, wanted_b = wanted(mine, theirs), wanted(theirs, mine)
    rows: dict[tuple[int, int], dict[str, object]] = {}
    # Only what is asked for is compared: wanted entries of A with all of B, then the others of A with wanted ones of B.
    blocks = [
        ([i for i, w in enumerate(wanted_a) if w], list(range(len(theirs)))),
        ([i for i, w in enumerate(wanted_a) if not w], [j for j, w in enumerate(wanted_b) if w]),
    ]
    scores: Matrix = np.full((len(mine), len(theirs)), -1.0)
    parts: dict[str, Matrix] = {p: np.full((len(mine), len(theirs)), np.nan) for p in PARTS}
    for some_a, some_b in blocks:
        if not some_a or not some_b:
            continue
        block_a = Candidates([mine[i] for i in some_a], measures, library.vocabulary)
        block_b = Candidates([theirs[j] for j in some_b], measures, library.vocabulary)
        split, total = weigh(values(block_a, block_b), weights or WEIGHTS)
        place = np.ix_(some_a, some_b)
        scores[place] = total
        for name, part in split.items():
            parts[name][place] = part
    for i, x in enumerate(mine):  # what is the same entry of the same list is no pair
        for j, y in enumerate(theirs):
            if x.key == y.key:
                scores[i, j] = -1.0
    rank_a, rank_b = _ranks(scores), _ranks(scores.T).T
    for i, j in zip(
        *np.nonzero((scores >= min_score) & (scores >= 0) & ((rank_a <= most) | (rank_b <= most))), strict=True
    ):
        x, y = mine[i], theirs[j]
        row: dict[str, object] = {
            "layer_a": x.layer,
            "code_a": x.code,
            "label_a": x.control.label,
            "technologies_a": list(x.state.technologies),
            "layer_b": y.layer,
            "code_b": y.code,
            "label_b": y.control.label,
            "technologies_b": list(y.state.technologies),
            "score": round(float(scores[i, j]), 4),
        }
        for name in PARTS:
            value = parts[name][i, j]
            row[name] = None if np.isnan(value) else round(float(value), 4)
        row["curated"] = (x.key, y.key) in known
        row["rank_a"], row["rank_b"] = int(rank_a[i, j]), int(rank_b[i, j])
        rows[i, j] = row
    table = pd.DataFrame(list(rows.values()), columns=_COLUMNS.split(), dtype=object)
    if not len(table):
        return table
    order = ["score", "layer_a", "code_a", "layer_b", "code_b"]
    return table.sort_values(order, ascending=[False, True, True, True, True], kind="stable").reset_index(drop=True)


def curated(library: Library, as_of: str) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    """The pairs of mappings.yaml that hold on the day, in both directions."""
    found = set()
    for m in library.mappings:
        if holds(m, as_of):
            found |= {(m.a.key, m.b.key), (m.b.key, m.a.key)}
    return found


def values(a: Candidates, b: Candidates) -> dict[str, Matrix]:
    """Each part from 0 to 1 for every pair (NaN where it does not apply): matrices of ``a`` by ``b``."""
    label = _likeness(a.labels, b.labels, fuzz.token_ratio, _NOISE["label"])
    scope = _likeness(a.scopes, b.scopes, fuzz.token_set_ratio, _NOISE["scope"])
    alike = np.maximum(np.nan_to_num(label), np.nan_to_num(scope))
    return {
        "label": label,
        "scope": scope,
        "technology": _nearness(a, b),
        "quantities": _jaccard(a.quantities, b.quantities),
        "bounds": _jaccard(a.bounds, b.bounds),
        "code": np.minimum(_kinships(a.codes, b.codes), 2 * alike),
    }


def weigh(found: Mapping[str, Matrix], weights: Mapping[str, float]) -> tuple[dict[str, Matrix], Matrix]:
    """What each part adds to the score (NaN where it does not apply), and the scores."""
    shape = found["label"].shape
    applies: Matrix = np.zeros(shape)
    for name, value in found.items():
        applies += np.where(np.isnan(value), 0.0, weights[name])
    applies[applies == 0] = 1.0
    split = {name: weights[name] * value / applies for name, value in found.items()}
    total: Matrix = np.zeros(shape)
    for value in split.values():
        total += np.nan_to_num(value)
    return split, np.minimum(total, 1.0)


def _likeness(a: Sequence[str], b: Sequence[str], scorer: Any, noise: float) -> Matrix:
    """Ratios as 0 to 1 above the noise; NaN where a text is missing."""
    ratios: Matrix = process.cdist(a, b, scorer=scorer, dtype=np.float64)
    made: Matrix = np.clip((ratios - noise) / (100.0 - noise), 0.0, 1.0)
    made[[n for n, text in enumerate(a) if not text], :] = np.nan
    made[:, [n for n, text in enumerate(b) if not text]] = np.nan
    return made


def _jaccard(a: Sequence[set[Any]], b: Sequence[set[Any]]) -> Matrix:
    """Share of members in common; NaN where neither has any."""
    names = {name: n for n, name in enumerate(sorted({x for s in (*a, *b) for x in s}, key=repr))}

    def table(sets: Sequence[set[Any]]) -> Matrix:
        made = np.zeros((len(sets), len(names)))
        for row, members in enumerate(sets):
            for member in members:
                made[row, names[member]] = 1.0
        return made

    ones, twos = table(a), table(b)
    common = ones @ twos.T
    union = ones.sum(axis=1)[:, None] + twos.sum(axis=1)[None, :] - common
    made: Matrix = np.divide(common, union, out=np.full(common.shape, np.nan), where=union > 0)
    return made


def _kinships(a: Sequence[Code | None], b: Sequence[Code | None]) -> Matrix:
    made: Matrix = np.zeros((len(a), len(b)))
    made[[n for n, code in enumerate(a) if code is None], :] = np.nan
    made[:, [n for n, code in enumerate(b) if code is None]] = np.nan
    groups: dict[tuple[str, str], list[int]] = {}
    for j, two in enumerate(b):
        if two is not None:
            groups.setdefault((two.category, two.group), []).append(j)
    for i, one in enumerate(a):
        if one is not None:
            for j in groups.get((one.category, one.group), ()):
                other = b[j]
                assert other is not None
                made[i, j] = _kinship(one, other)
    return made


def _nearness(a: Candidates, b: Candidates) -> Matrix:
    """Mean over the nodes of both entries of the nearest node of the other; NaN where an entry names none."""
    vocabulary = a.vocabulary
    above = cache(lambda node: (node, *vocabulary.above(node)))

    @cache
    def near(x: str, y: str) -> float:
        if x == y:
            return 1.0
        up_x, up_y = above(x), above(y)
        if x in up_y or y in up_x:
            return 0.6
        if len(up_x) > 1 and len(up_y) > 1 and up_x[1] == up_y[1]:
            return 0.4
        return 0.2 if up_x[-1] == up_y[-1] else 0.0

    @cache
    def between(xs: frozenset[str], ys: frozenset[str]) -> float:
        if not xs or not ys:
            return float("nan")
        one = sum(max(near(x, y) for y in ys) for x in sorted(xs)) / len(xs)
        two = sum(max(near(x, y) for x in xs) for y in sorted(ys)) / len(ys)
        return (one + two) / 2

    made: Matrix = np.array([[between(xs, ys) for ys in b.nodes] for xs in a.nodes], dtype=np.float64)
    return made.reshape(len(a), len(b))


def _ranks(scores: Matrix) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Place of each column within its row, best first from 1; equal scores in the order of the file."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[1] + 1)[None, :], axis=1)
    return ranks


def as_json(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Suggestions in the form that ``regimes map suggest --json`` prints."""
    return [
        {
            "a": {"regime": r["layer_a"], "code": r["code_a"]},
            "b": {"regime": r["layer_b"], "code": r["code_b"]},
            "score": r["score"],
            "why": {p: r[p] for p in PARTS if r[p] is not None},
            "curated": bool(r["curated"]),
        }
        for r in table.to_dict("records")
    ]


def why(row: Mapping[str, Any], weights: Iterable[str] = PARTS) -> str:
    """The parts of a score in words, strongest first: ``label 0.25, code 0.20``."""
    given = [(p, row[p]) for p in weights if row[p]]
    return ", ".join(f"{p} {v:.2f}" for p, v in sorted(given, key=lambda x: -x[1]))
