"""Agreement: published worked examples, the krippendorff package as oracle, and properties."""

from __future__ import annotations

import random

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare.agreement import alpha, confusion, interval, masi, nominal, table


def units(*coders: str) -> list[list[str]]:
    """Rows of coders as units; a dot is a missing value."""
    return [[v for v in column if v != "."] for column in zip(*(c.split() for c in coders), strict=True)]


class TestPublishedExamples:
    """K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), examples A, B and C."""

    def test_binary_data_two_observers(self) -> None:
        found = alpha(units("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"))
        assert found == pytest.approx(0.095, abs=0.0005)

    def test_nominal_data_two_observers(self) -> None:
        found = alpha(units("a a b b d c c c e d d a", "b a b b b c c c e d d d"))
        assert found == pytest.approx(0.692, abs=0.0005)

    def test_nominal_data_four_observers_with_gaps(self) -> None:
        found = alpha(
            units(
                "1 2 3 3 2 1 4 1 2 . . .",
                "1 2 3 3 2 2 4 1 2 5 . 3",
                ". 3 3 3 2 3 4 2 2 5 1 .",
                "1 2 3 3 2 4 4 1 2 5 1 .",
            )
        )
        assert found == pytest.approx(0.743, abs=0.0005)

    def test_masi(self) -> None:
        a, b, c = frozenset("a"), frozenset("ab"), frozenset("bc")
        assert masi(a, a) == 0
        assert masi(a, b) == pytest.approx(1 - 1 / 2 * 2 / 3)
        assert masi(b, c) == pytest.approx(1 - 1 / 3 * 1 / 3)
        assert masi(a, c) == 1
        assert masi(frozenset(), frozenset()) == 0
        assert masi(frozenset(), a) == 1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=30))
def test_same_as_the_package(rows: list[list[int]]) -> None:
    data = np.array(rows, dtype=float).T
    if len({v for row in rows for v in row}) < 2:
        assert alpha(rows) is None
        return
    assert alpha(rows) == pytest.approx(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


def test_perfect_agreement_is_one_and_chance_is_about_zero() -> None:
    assert alpha([["a", "a"], ["b", "b"], ["a", "a"]]) == 1
    draw = random.Random(4)
    by_chance = [[draw.choice("ab"), draw.choice("ab")] for _ in range(4000)]
    assert alpha(by_chance) == pytest.approx(0, abs=0.05)


def test_undefined_where_nothing_varies() -> None:
    assert alpha([["a", "a"], ["a", "a"]]) is None
    assert alpha([["a"], ["b"]]) is None
    assert interval([["a", "a"]]) is None


def test_interval_holds_the_estimate_and_is_repeatable() -> None:
    data = [["a", "a"]] * 30 + [["b", "b"]] * 20 + [["a", "b"]] * 8
    low, high = interval(data, nominal) or (0, 0)
    found = alpha(data)
    assert found is not None and low < found < high
    assert interval(data, nominal) == (low, high)
    # More units of the same kind narrow the interval.
    wide = interval(data * 4, nominal) or (0, 0)
    assert wide[1] - wide[0] < high - low


def test_table_counts_parents_and_confusion() -> None:
    codings = {
        "s1": {"first": ("HR-r", "NS"), "second": ("HR-g",)},
        "s2": {"first": ("NS",), "second": ("NS",)},
        "s3": {"first": (), "second": ("FP",)},
    }
    made = table(codings, ["NS", "HR", "HR-r", "HR-g", "FP"], {"HR-r": "HR", "HR-g": "HR"}).set_index("measure")
    assert made.loc["HR", "agreement"] == 1
    assert made.loc["HR", "alpha"] == 1
    assert made.loc["NS", "agreement"] == pytest.approx(2 / 3)
    assert made.loc["dominant", "agreement"] == pytest.approx(1 / 3)
    assert made.loc["NS", "present"] == 3
    met = {(r.a, r.b): r.statements for r in confusion(codings).itertuples()}
    assert met == {("HR-r", "HR-g"): 1, ("NS", "NS"): 1, ("", "FP"): 1}
