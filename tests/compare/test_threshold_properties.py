"""Thresholds as sets, proved against a judge that tries points (``oracle.py``), over 10,000 examples when thorough."""

from __future__ import annotations

import os
import re
from fractions import Fraction

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Point, Set
from small_library import SMALL

from analysis.compare.boxes import Bound, Cell, Constraint
from analysis.compare.thresholds import MIRROR, Comparison, Measures, ThresholdSet, compare
from analysis.encoding.forms import boxes
from analysis.encoding.library import load

MEASURES = Measures(load(SMALL, cache=False).vocabulary.quantities)
#: Examples in all, and how the tests of this module share them.
EXAMPLES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 1_000
SHARES = {
    "oracle": 0.35,
    "rest": 0.10,
    "derived": 0.15,
    "factors": 0.05,
    "mirror": 0.10,
    "same": 0.05,
    "chain": 0.08,
    "units": 0.06,
    "cut": 0.06,
}


def share(name: str) -> settings:
    return settings(max_examples=round(EXAMPLES * SHARES[name]))


def test_the_shares_are_all_of_it() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)


def encoded(one: Set, name: str) -> ThresholdSet:
    """A set as the workbench has it, parsed from the conditions."""

    def cells(lists: tuple[tuple[str, ...], ...]) -> tuple[Cell, ...]:
        return tuple(MEASURES.cell(box) for box in boxes([list(c) for c in lists]))

    return ThresholdSet(name, cells(one.boxes), cells(one.taken))


def judged(a: Set, b: Set) -> Comparison:
    return compare(encoded(a, "A"), encoded(b, "B"), MEASURES)


# ------------------------------------------------------------------------------------------------------- examples

OPERATORS = st.sampled_from([">=", ">", "<=", "<", "=="])
FLAGS = st.sampled_from(["euv == yes", "euv == no"])


def conditions(quantity: str, values: list[str], unit: str = "") -> st.SearchStrategy[str]:
    written = st.tuples(OPERATORS, st.sampled_from(values))
    return written.map(lambda c: f"{quantity} {c[0]} {c[1]} {unit}".strip())


#: Few values, so that bounds coincide often: there open and closed make the difference.
CONDITION = st.one_of(
    conditions("overlay", ["1", "1.5", "2.4"], "nm"),
    conditions("gain", ["-3", "0", "5"], "dB"),
    FLAGS,
)


def sets(condition: st.SearchStrategy[str], boxes_: int = 3, taken: int = 2, most: int = 3) -> st.SearchStrategy[Set]:
    box = st.lists(condition, min_size=1, max_size=most).map(tuple)
    return st.builds(
        Set,
        st.lists(box, min_size=1, max_size=boxes_).map(tuple),
        st.lists(box, max_size=taken).map(tuple),
    )


# ------------------------------------------------------------------------------------------------------ properties


@share("oracle")
@given(sets(CONDITION), sets(CONDITION))
def test_verdict_is_the_oracles(a: Set, b: Set) -> None:
    found = judged(a, b)
    if a.quantities & b.quantities:
        assert found.verdict == oracle.verdict(a, b, oracle.grid([a, b]))
    else:
        assert found.verdict == "not-comparable"


def contains(cells: tuple[Cell, ...], point: Point) -> bool:
    """Whether a point lies in a union of cells, read from their constraints."""

    def holds(constraint: Constraint) -> bool:
        value = point[constraint.quantity]
        if not isinstance(constraint, Bound):
            return bool(value) == constraint.yes
        inside = value <= constraint.value if constraint.upper else value >= constraint.value
        return inside and not (constraint.strict and value == constraint.value)

    return any(all(holds(c) for c in cell) for cell in cells)


@share("rest")
@given(sets(CONDITION), sets(CONDITION))
def test_what_only_one_side_has_is_exactly_that(a: Set, b: Set) -> None:
    found = judged(a, b)
    if found.verdict == "not-comparable":
        return
    for point in oracle.grid([a, b]):
        assert contains(found.only_a, point) == (a.has(point) and not b.has(point))
        assert contains(found.only_b, point) == (b.has(point) and not a.has(point))


@share("mirror")
@given(sets(CONDITION), sets(CONDITION))
def test_a_is_wider_than_b_if_and_only_if_b_is_narrower_than_a(a: Set, b: Set) -> None:
    one, other = judged(a, b), judged(b, a)
    assert one.verdict == MIRROR[other.verdict]
    assert (one.only_a, one.only_b) == (other.only_b, other.only_a)


@share("same")
@given(sets(CONDITION))
def test_a_set_equals_itself(a: Set) -> None:
    found = judged(a, a)
    assert found.verdict == "equal"
    assert found.sentence == "A and B draw the same line."


@share("chain")
@given(sets(CONDITION), sets(CONDITION, taken=0), sets(CONDITION, taken=0))
def test_wider_is_transitive(c: Set, more: Set, still_more: Set) -> None:
    """Each set has the boxes of the one before: what is wider than something wider is wider."""
    b = Set(c.boxes + more.boxes)
    a = Set(b.boxes + still_more.boxes)
    first, second, through = (judged(*pair).verdict for pair in ((a, b), (b, c), (a, c)))
    assert first in ("wider", "equal")
    assert second in ("wider", "equal")
    assert through == ("wider" if "wider" in (first, second) else "equal")


#: The same number in another unit of the same quantity.
OTHER_UNITS = {"nm": [("um", Fraction(1, 1000)), ("angstrom", Fraction(10))], "h": [("min", Fraction(60))]}
LENGTHS = st.one_of(
    conditions("overlay", ["0.7", "1", "1.5", "2.4"], "nm"),
    conditions("test-duration", ["0.05", "1.5", "7"], "h"),
    FLAGS,
)


@share("units")
@given(sets(LENGTHS), sets(LENGTHS), st.data())
def test_the_unit_does_not_matter(a: Set, b: Set, data: st.DataObject) -> None:
    def rewritten(condition: str) -> str:
        parts = condition.split()
        if len(parts) < 4:
            return condition
        quantity, operator, value, unit = parts
        other, times = data.draw(st.sampled_from([(unit, Fraction(1)), *OTHER_UNITS[unit]]))
        scaled = Fraction(value) * times
        return f"{quantity} {operator} {float(scaled):.10g} {other}"

    def rewrite(one: Set) -> Set:
        return Set(
            tuple(tuple(map(rewritten, box)) for box in one.boxes),
            tuple(tuple(map(rewritten, box)) for box in one.taken),
        )

    here, there = judged(a, b), judged(rewrite(a), rewrite(b))
    assert here == there
    assert judged(a, rewrite(a)).verdict == "equal"


@share("cut")
@given(
    st.lists(st.tuples(st.sampled_from(["overlay", "gain", "qubits"]), st.integers(1, 9), st.booleans()), max_size=4),
    st.sampled_from(["overlay >= 0 nm", "qubits < 12", "gain <= 10 dB"]),
)
def test_a_box_cut_into_pieces_is_the_same_box(cuts: list[tuple[str, int, bool]], whole: str) -> None:
    """One box may be covered by several together, and by none of them alone."""
    units = {"overlay": "nm", "gain": "dB", "qubits": ""}
    pieces: list[tuple[str, ...]] = [(whole,)]
    for quantity, at, low_keeps_it in cuts:
        below, above = ("<=", ">") if low_keeps_it else ("<", ">=")
        cut = [f"{quantity} {op} {at} {units[quantity]}".strip() for op in (below, above)]
        pieces = [(*piece, side) for piece in pieces for side in cut]
    a, b = Set(((whole,),)), Set(tuple(pieces))
    assert judged(a, b).verdict == "equal"
    if cuts:
        fewer = Set(tuple(pieces[1:]))
        points = oracle.grid([a, b])
        assert judged(a, fewer).verdict == oracle.verdict(a, fewer, points)


# ------------------------------------------------------------------------------------- quantities that follow from others

POWERS = {"total-processing-performance": range(3), "die-area": range(3), "performance-density": range(-2, 3)}


def _power(quantity: str, exponent: int) -> str:
    number = Fraction(8) ** exponent
    return f"{float(number):.10g}" + {"die-area": " mm^2", "performance-density": " 1/mm^2"}.get(quantity, "")


DERIVED = st.one_of(
    *(
        st.tuples(OPERATORS, st.sampled_from(list(exponents))).map(
            lambda c, q=quantity: f"{q} {c[0]} {_power(q, c[1])}"  # type: ignore[misc]
        )
        for quantity, exponents in POWERS.items()
    ),
    conditions("gain", ["-3", "5"], "dB"),
)
# Bounds are powers of eight, points powers of two: so there is a point on each line, between each two, in each corner
# and in each triangle that the lines of performance, area and density cut out (in logarithms they are x, y and x - y).
CHIPS: list[Point] = [
    {
        "total-processing-performance": Fraction(2) ** x,
        "die-area": Fraction(2) ** y,
        "performance-density": Fraction(2) ** (x - y),
        "gain": Fraction(g),
    }
    for x in range(-8, 15)
    for y in range(-8, 15)
    for g in (-4, -3, 0, 5, 6)
]


@share("derived")
@given(sets(DERIVED, boxes_=2, taken=1), sets(DERIVED, boxes_=2, taken=1))
def test_density_follows_from_performance_and_area(a: Set, b: Set) -> None:
    found = judged(a, b)
    points = CHIPS if "gain" in a.quantities | b.quantities else CHIPS[::5]
    if found.verdict == "not-comparable":
        three = set(POWERS)
        assert not a.quantities & b.quantities
        assert not three <= a.quantities | b.quantities, "the three depend on each other"
    else:
        assert found.verdict == oracle.verdict(a, b, points)


FEATURES = st.one_of(
    conditions("feature-k025", ["20", "25", "50"], "nm"), conditions("feature-k035", ["28", "35", "50"], "nm")
)


@share("factors")
@given(sets(FEATURES), sets(FEATURES))
def test_two_definitions_of_one_quantity_are_compared_as_one(a: Set, b: Set) -> None:
    """K 0.35 prints 1.4 times what K 0.25 prints: 35 nm there are 25 nm here."""
    points: list[Point] = [
        {"feature-k025": x, "feature-k035": Fraction(7, 5) * x}
        for x in sorted(
            {Fraction(n) / d for n in range(35, 180) for d in (Fraction(7, 5), 2, 3)} | {Fraction(20), Fraction(25)}
        )
    ]
    assert judged(a, b).verdict == oracle.verdict(a, b, points)


# ----------------------------------------------------------------------------------------------------------- sentences


@settings(max_examples=100)
@given(sets(CONDITION), sets(CONDITION))
def test_every_verdict_comes_with_its_sentence(a: Set, b: Set) -> None:
    found = judged(a, b)
    assert found.sentence.endswith(".")
    assert "A" in found.sentence
    assert "B" in found.sentence
    further = re.search(
        r"(\w) (stops|begins) at (\S+?) .*; (\w) also takes (up to|from) (\S+?)( |\.$|$)", found.sentence
    )
    if further:
        small, how, here, big, _, there = further.groups()[:6]
        assert found.verdict == ("wider" if big == "A" else "narrower")
        assert {small, big} == {"A", "B"}
        nearer, farther = Fraction(here), Fraction(there.rstrip("."))
        assert farther > nearer if how == "stops" else farther < nearer
