"""The sentences that explain verdicts: figures as the law prints them, verbs that agree, no promise that is too wide."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.compare.thresholds import Measures, ThresholdSet, compare, things
from analysis.encoding.conditions import parse_condition
from analysis.encoding.library import load


@pytest.fixture(scope="module")
def measures(project: Path) -> Measures:
    return Measures(load(project).vocabulary.quantities)


def made(measures: Measures, name: str, *boxes: list[str], what: str = "", many: bool = False) -> ThresholdSet:
    cells = tuple(measures.cell(tuple(parse_condition(c) for c in box)) for box in boxes)
    return ThresholdSet(name, cells, things=what, many=many)


def said(measures: Measures, a: ThresholdSet, b: ThresholdSet) -> str:
    return compare(a, b, measures).sentence


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("overlay <= 1.50 nm", "overlay error up to 1.50 nm"),
        ("overlay <= 1.5 nm", "overlay error up to 1.5 nm"),
        ("overlay <= 3 nm", "overlay error up to 3 nm"),
        ("overlay <= 0.00150 um", "overlay error up to 1.5 nm"),
        ("c-not-error <= 1e-4", "C-NOT error up to 0.0001"),
    ],
)
def test_decimals_are_those_of_the_law(measures: Measures, written: str, shown: str) -> None:
    assert measures.phrases(measures.cell((parse_condition(written),))) == shown


def test_decimals_make_no_difference_to_the_set(measures: Measures) -> None:
    found = compare(made(measures, "A", ["overlay <= 1.50 nm"]), made(measures, "B", ["overlay <= 1.5 nm"]), measures)
    assert found.verdict == "equal"


def test_verbs_agree_and_things_are_named(measures: Measures) -> None:
    one = made(measures, "the entry", ["overlay <= 1.50 nm"], what="tools")
    more = made(measures, "the entries", ["overlay <= 2.40 nm"], what="tools", many=True)
    assert said(measures, one, more) == (
        "the entry stops at 1.50 nm overlay error; the entries also take tools up to 2.40 nm."
    )
    fewer = made(measures, "the entries", ["overlay <= 1.50 nm"], many=True)
    other = made(measures, "the entry", ["overlay <= 2.40 nm"])
    assert (
        said(measures, fewer, other) == "the entries stop at 1.50 nm overlay error; the entry also takes up to 2.40 nm."
    )


def test_a_bound_that_only_one_side_includes(measures: Measures) -> None:
    eu, us = (made(measures, n, [f"deposition-temperature {op} 958 K"]) for n, op in (("EU", "<"), ("US", "<=")))
    assert said(measures, eu, us) == (
        "EU and US both turn on 958 K deposition temperature, but only US takes that value itself."
    )


def test_a_reach_under_further_conditions_is_not_promised_for_all(measures: Measures) -> None:
    eu = made(measures, "EU", ["total-processing-performance >= 6000"], what="items")
    us = made(
        measures,
        "US",
        ["total-processing-performance >= 4800"],
        ["total-processing-performance >= 1600", "performance-density >= 5.92 1/mm^2"],
        what="items",
    )
    assert said(measures, eu, us) == (
        "EU begins at 6000 total processing performance; "
        "US also takes items from 4800, and under further conditions from 1600."
    )


def test_a_limit_that_the_other_side_lacks(measures: Measures) -> None:
    narrow = made(measures, "A", ["channel-width < 40 nm", "wafer-temperature < 773.15 K"])
    wide = made(measures, "B", ["channel-width < 40 nm"])
    assert said(measures, narrow, wide) == "A stops at 773.15 K wafer temperature; B sets no such limit."


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("3B001.f.1.b", "tools"),
        ("3A090.a", "items"),
        ("3C907", "materials"),
        ("3D006", "software"),
        ("3E905", "technology"),
    ],
)
def test_what_a_code_lists(code: str, what: str) -> None:
    assert things(code) == what


@pytest.mark.parametrize("code", ["PL9013", "unnumbered/quantum-computers", "1b95001"])
def test_a_code_without_a_group_names_nothing(code: str) -> None:
    assert things(code) == ""
