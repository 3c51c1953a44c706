"""Verdicts on threshold sets by hand: the cases that a lawyer would try first."""

from __future__ import annotations

import pytest
from small_library import SMALL, US, SmallLibrary

from analysis.compare.thresholds import MIRROR, Measures, ThresholdSet, compare
from analysis.encoding.conditions import parse_condition
from analysis.encoding.library import load
from analysis.encoding.sides import resolve

MEASURES = Measures(load(SMALL, cache=False).vocabulary.quantities)
Boxes = list[list[str]]


def made(name: str, boxes: Boxes, taken: Boxes | None = None) -> ThresholdSet:
    def cells(lists: Boxes) -> tuple:  # type: ignore[type-arg]
        return tuple(MEASURES.cell(tuple(parse_condition(c) for c in box)) for box in lists)

    return ThresholdSet(name, cells(boxes), cells(taken or []))


def verdict(a: Boxes, b: Boxes, taken_a: Boxes | None = None, taken_b: Boxes | None = None) -> str:
    one, other = made("A", a, taken_a), made("B", b, taken_b)
    there, back = compare(one, other, MEASURES).verdict, compare(other, one, MEASURES).verdict
    assert there == MIRROR[back]
    return there


TPP, AREA, DENSITY = "total-processing-performance", "die-area", "performance-density"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param([["overlay <= 2.4 nm"]], [["overlay <= 1.5 nm"]], "wider", id="reaches further"),
        pytest.param([["overlay <= 1.50 nm"]], [["overlay <= 0.0015 um"]], "equal", id="the same in another unit"),
        pytest.param([["test-duration > 90 min"]], [["test-duration > 1.5 h"]], "equal", id="without a rounding error"),
        pytest.param([["overlay <= 1.5 nm"]], [["overlay < 1.5 nm"]], "wider", id="the bound itself"),
        pytest.param([["overlay < 1.5 nm"]], [["overlay > 1.5 nm"]], "disjoint", id="apart at a point"),
        pytest.param([["overlay <= 1.5 nm"]], [["overlay >= 1.5 nm"]], "overlapping", id="one point in common"),
        pytest.param([["overlay <= 1.5 nm"]], [["overlay > 1.5 nm"]], "disjoint", id="side by side"),
        pytest.param([["qubits == 34"]], [["qubits >= 34", "qubits <= 34"]], "equal", id="a point is two bounds"),
        pytest.param([["qubits >= 34"]], [["qubits >= 20", "qubits < 99"]], "overlapping", id="each has something"),
        pytest.param(
            [["overlay <= 2.4 nm"]],
            [["overlay <= 2.4 nm", "wavelength >= 193 nm"]],
            "wider",
            id="a condition that the other lacks is no bound there",
        ),
        pytest.param([["overlay <= 1 nm"]], [["qubits >= 34"]], "not-comparable", id="nothing in common"),
        pytest.param(
            [["overlay <= 9 nm"]],
            [["overlay <= 3 nm"], ["overlay > 3 nm", "overlay <= 9 nm"]],
            "equal",
            id="covered by two together",
        ),
        pytest.param(
            [["overlay <= 9 nm", "qubits >= 1", "qubits < 9"]],
            [
                ["overlay <= 9 nm", "qubits >= 1", "qubits < 5"],
                ["overlay <= 4 nm", "qubits >= 5", "qubits < 9"],
                ["overlay > 4 nm", "overlay <= 9 nm", "qubits >= 5", "qubits < 9"],
            ],
            "equal",
            id="covered by three together in two directions",
        ),
        pytest.param(
            [["overlay <= 9 nm"]],
            [["overlay < 3 nm"], ["overlay > 3 nm", "overlay <= 9 nm"]],
            "wider",
            id="covered but for one point",
        ),
        pytest.param([["euv == yes"]], [["euv == no"]], "disjoint", id="yes and no"),
        pytest.param([["euv == yes"], ["euv == no"]], [["euv == yes"]], "wider", id="yes or no"),
        pytest.param(
            [["euv == yes"], ["overlay <= 1.5 nm"]],
            [["euv == yes", "overlay <= 1.5 nm"]],
            "wider",
            id="flag or number against flag and number",
        ),
        pytest.param(
            [["overlay <= 2 nm"]],
            [["euv == yes", "overlay <= 2 nm"], ["euv == no", "overlay <= 2 nm"]],
            "equal",
            id="a flag that makes no difference",
        ),
        pytest.param([["extreme-ultraviolet == yes"]], [["euv == yes"]], "equal", id="an old name"),
        pytest.param([["gain <= -3 dB"]], [["gain <= -5 dB"]], "wider", id="below zero"),
        pytest.param([[f"{TPP} >= 4800"]], [[f"{TPP} >= 6000"]], "wider", id="chips: lower bound"),
    ],
)
def test_verdict(a: Boxes, b: Boxes, expected: str) -> None:
    assert verdict(a, b) == expected


class TestExceptions:
    def test_take_out_what_they_name(self) -> None:
        assert verdict([["overlay <= 9 nm"]], [["overlay <= 5 nm"]], taken_a=[["overlay > 5 nm"]]) == "equal"

    def test_leave_their_own_bounds_open(self) -> None:
        assert verdict([["overlay <= 9 nm"]], [["overlay <= 5 nm"]], taken_a=[["overlay >= 5 nm"]]) == "narrower"

    def test_of_a_flag(self) -> None:
        whole, without = [["overlay <= 9 nm"]], [["overlay <= 9 nm", "euv == no"]]
        assert verdict(whole, without, taken_a=[["euv == yes"]]) == "equal"

    def test_on_both_sides(self) -> None:
        whole = [["overlay <= 9 nm"]]
        assert verdict(whole, whole, [["overlay < 2 nm"]], [["overlay < 3 nm"]]) == "wider"

    def test_of_everything_leave_nothing(self) -> None:
        assert verdict([["overlay <= 9 nm"]], [["overlay <= 5 nm"]], taken_a=[["overlay <= 9 nm"]]) == "narrower"

    def test_make_an_entry_without_numbers_comparable(self) -> None:
        assert verdict([[]], [["overlay <= 5 nm"]], taken_a=[["overlay > 5 nm"]]) == "equal"


class TestDensity:
    """Performance density is performance over area: whoever knows two knows the third."""

    def test_follows_from_the_other_two(self) -> None:
        implied = [[f"{TPP} >= 1600", f"{AREA} <= 200 mm^2", f"{DENSITY} >= 8 1/mm^2"]]
        assert verdict([[f"{TPP} >= 1600", f"{AREA} <= 200 mm^2"]], implied) == "equal"

    def test_contradicts_the_other_two(self) -> None:
        impossible = [[f"{TPP} >= 1600", f"{AREA} <= 200 mm^2", f"{DENSITY} < 8 1/mm^2"]]
        assert verdict(impossible, [[f"{TPP} >= 1600"]]) == "narrower"
        assert compare(made("A", impossible), made("B", impossible), MEASURES).verdict == "equal"

    def test_is_linked_without_a_quantity_in_common(self) -> None:
        assert verdict([[f"{DENSITY} >= 8 1/mm^2"]], [[f"{TPP} >= 1600", f"{AREA} <= 200 mm^2"]]) == "wider"

    def test_alone_says_nothing_about_performance(self) -> None:
        assert verdict([[f"{DENSITY} >= 8 1/mm^2"]], [[f"{TPP} >= 1600"]]) == "not-comparable"

    def test_or_a_lower_performance_with_density(self) -> None:
        either = [[f"{TPP} >= 4800"], [f"{TPP} >= 1600", f"{DENSITY} >= 5.92 1/mm^2"]]
        assert verdict(either, [[f"{TPP} >= 6000"]]) == "wider"
        assert verdict(either, [[f"{TPP} >= 1600"]]) == "narrower"
        assert verdict(either, [[f"{TPP} >= 2400", f"{DENSITY} >= 1.6 1/mm^2"]]) == "overlapping"

    def test_in_square_centimetres(self) -> None:
        assert verdict([[f"{AREA} <= 2 cm^2"]], [[f"{AREA} <= 200 mm^2"]]) == "equal"

    def test_an_unrelated_quantity_may_be_negative(self) -> None:
        """That performance and area are positive says nothing about a gain beside them."""
        box = [[f"{TPP} >= 1600", f"{AREA} <= 200 mm^2", f"{DENSITY} >= 9 1/mm^2", "gain <= -3 dB"]]
        assert verdict(box, [["gain <= -3 dB"]]) == "narrower"
        assert verdict(box, [["gain > -3 dB"]]) == "disjoint"


class TestTwoDefinitions:
    """One label, two meanings: smallest feature with K = 0.35 and with K = 0.25."""

    def test_the_same_tool(self) -> None:
        assert verdict([["feature-k035 <= 35 nm"]], [["feature-k025 <= 25 nm"]]) == "equal"

    def test_the_same_number_is_not_the_same_line(self) -> None:
        assert verdict([["feature-k035 <= 45 nm"]], [["feature-k025 <= 45 nm"]]) == "narrower"

    def test_a_line_that_no_decimal_can_write(self) -> None:
        """45 nm at K = 0.35 are 32.142857... nm at K = 0.25."""
        assert verdict([["feature-k035 <= 45 nm"]], [["feature-k025 <= 32.142857 nm"]]) == "wider"
        assert verdict([["feature-k035 <= 45 nm"]], [["feature-k025 <= 32.142858 nm"]]) == "narrower"

    def test_the_sentence_says_that_it_converted(self) -> None:
        found = compare(made("A", [["feature-k035 <= 35 nm"]]), made("B", [["feature-k025 <= 20 nm"]]), MEASURES)
        assert found.verdict == "wider"
        assert "(feature size (K 0.35) converted into feature size (K 0.25))" in found.sentence

    def test_follows_from_wavelength_and_aperture(self) -> None:
        optics = [["wavelength <= 193 nm", "numerical-aperture >= 1.35"]]
        assert verdict([["feature-k025 <= 35.75 nm"]], optics) == "wider"
        assert verdict([["feature-k025 <= 35.7 nm"]], optics) == "overlapping"


class TestWithoutNumbers:
    def test_not_encoded_cannot_say(self) -> None:
        blank, full = ThresholdSet("A", None), made("B", [["overlay <= 1 nm"]])
        for one, other in ((blank, full), (full, blank), (blank, blank)):
            found = compare(one, other, MEASURES)
            assert found.verdict == "cannot-say"
            assert found.sentence == "The thresholds of A are not encoded, so nothing can be said."

    def test_no_number_turns_on_the_scope(self) -> None:
        bare, full = made("A", [[]]), made("B", [["overlay <= 1 nm"]])
        found = compare(bare, full, MEASURES)
        assert found.verdict == "not-comparable"
        assert found.sentence == "A states no number; whether it reaches further turns on its described scope."
        both = compare(bare, made("B", [[]]), MEASURES)
        assert both.sentence == "Neither A nor B states a number; the described scope decides."

    def test_nothing_in_common_names_what_each_measures(self) -> None:
        found = compare(made("A", [["overlay <= 1 nm"]]), made("B", [["qubits >= 34", "euv == yes"]]), MEASURES)
        assert found.verdict == "not-comparable"
        assert found.sentence == (
            "No quantity in common: A measures overlay; B measures extreme ultraviolet light, qubits."
        )


class TestStates:
    """Sets made from entries as they stand on a day."""

    def set_of(self, small: SmallLibrary, code: str, day: str = "2025-01-01") -> ThresholdSet:
        library = small.load()
        (found,) = [x for x in resolve(library, "us-ear", day).listings if x.code == code]
        assert found.standing.state is not None
        return Measures(library.vocabulary.quantities).state(found.standing.state)

    def test_no_condition_and_not_encoded(self, small: SmallLibrary) -> None:
        small.change(US, '      thresholds:\n        - ["qubits >= 34"]\n', "      thresholds: []\n")
        assert self.set_of(small, "4A906").cells == ((),)
        small.change(US, "      thresholds: []\n", "")
        assert self.set_of(small, "4A906").cells is None

    def test_two_versions_of_one_entry(self, small: SmallLibrary) -> None:
        before, after = self.set_of(small, "3B001.f", "2021-01-01"), self.set_of(small, "3B001.f", "2022-03-01")
        assert compare(after, before, MEASURES).verdict == "wider"
        assert before.name == "us-ear 3B001.f"

    def test_several_entries_together_each_less_its_own_exceptions(self) -> None:
        one = made("A", [["overlay <= 5 nm"]], [["overlay <= 1 nm"]])
        other = made("B", [["overlay <= 1 nm"]])
        both = MEASURES.together("both", [one, other])
        assert compare(both, made("C", [["overlay <= 5 nm"]]), MEASURES).verdict == "equal"

    def test_one_that_is_not_encoded_makes_the_whole_unknown(self) -> None:
        both = MEASURES.together("both", [made("A", [["overlay <= 5 nm"]]), ThresholdSet("B", None)])
        assert both.cells is None
        assert MEASURES.together("none", []).cells is None
