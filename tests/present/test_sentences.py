"""Sentences of reports: true to their tables, grammatical for one and for many, and without ids."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.compare.coverage import coverage
from analysis.present import answers, sentences, words
from analysis.present.citations import told
from analysis.workbench import Workbench

ROOT = Path(__file__).parents[2]
DAY = "2026-11-22"


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return analysis.open(as_of=DAY, sides=["us-ear", "eu-dual-use", "law-in:nl"], root=ROOT)


def verdicts(*found: str) -> pd.DataFrame:
    return pd.DataFrame({"verdict": list(found)})


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (("equal",), "A and B: the one mapped pair draws the same line."),
        (
            ("equal", "wider", "wider"),
            "A and B: of 3 mapped pairs 1 draws the same line and 2 are wider on the side of A.",
        ),
        ((), "No pair of entries of A and B is mapped here."),
    ],
)
def test_pairs_speak_of_one_and_of_many(found: tuple[str, ...], text: str) -> None:
    assert sentences.pairs(verdicts(*found), "A", "B").markdown == text


def test_a_semicolon_in_a_pinpoint_does_not_begin_another_source() -> None:
    assert ";" not in words.cite("x", "734.9(e); 744.11")


def test_readers_see_names_and_days(bench: Workbench) -> None:
    text = told(bench.library, "displaced from 2025-11-15 by del-reg-2025-2003")
    assert text == "displaced from 15 November 2025 by Delegated Regulation (EU) 2025/2003"
    assert told(bench.library, "carried by hand, 34 to 99 qubits") == "carried by hand, 34 to 99 qubits"


def test_an_entry_covers_what_it_took_in_later_since_then_only(bench: Workbench) -> None:
    table = coverage(bench.library, ["eu-dual-use"], DAY, ["quantum/quantum-computing"])
    assert (table["since"].iloc[0], table["censored"].iloc[0]) == ("2025-11-15", False)


def test_answered_proposals_are_not_pending(bench: Workbench) -> None:
    table = bench.pending()
    names = set(table["instrument"])
    assert "com-2016-616" not in names and "release-2025-01-15" not in names
    assert {"89-fr-60998", "hr-8170-2026"} <= names
    assert (table[table["coming"]]["date"] >= "2025-11-22").all()


def test_dates_of_no_technology_concern_every_briefing(bench: Workbench) -> None:
    for technology in ("quantum", "cyber-surveillance"):
        assert "reg-2021-821" in set(bench.pending(technology)["instrument"])


def test_rules_beside_the_lists(bench: Workbench) -> None:
    found = bench.rules("2020-11-22", "cyber-surveillance")
    assert ("reg-2021-821", "catch-all-cyber-surveillance") in set(
        zip(found["instrument"], found["mechanism"], strict=True)
    )
    assert not len(bench.rules("2026-11-21", "cyber-surveillance"))


def test_differences_tell_who_alone_and_who_together(bench: Workbench) -> None:
    text = sentences.differences(bench.coverage(["cyber-surveillance"])).markdown
    assert (
        "**EU dual-use and Law in the Netherlands** only (US searched without result): 1, namely data retention" in text
    )


def test_what_counts_as_security_is_said(bench: Workbench) -> None:
    assert "foreign policy" in sentences.narrowly(bench.library) and "economic security" in sentences.narrowly(
        bench.library
    )


def test_options_are_those_named(bench: Workbench) -> None:
    text = answers.options(bench.library, ["rec-2025-683", "com-2024-25"]).markdown
    assert text.index("com-2024-25") < text.index("rec-2025-683") and text.count("\n") == 1
