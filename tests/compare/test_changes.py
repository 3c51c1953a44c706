"""What changed between two days, or two sides: entry by entry, step by step, field by field."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from small_library import EU, US, SmallLibrary

from analysis.compare.changes import Digest, changes, digest
from analysis.encoding.library import Library

DAY = "2026-01-01"
INSTRUMENTS = "regimes/us-ear/instruments.yaml"


def found(library: Library, before: str, after: str, code: str | None = None) -> list[dict[str, Any]]:
    rows = changes(library, before, after, DAY).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows if code in (None, row["code"])]


def kinds(library: Library, before: str, after: str, code: str | None = None) -> list[tuple[str, ...]]:
    return [(r["kind"], r["layer"], r["code"], r["field"]) for r in found(library, before, after, code)]


def news(small: SmallLibrary, effects: str) -> None:
    lines = textwrap.indent(textwrap.dedent(effects).strip(), "    ")
    small.append(
        INSTRUMENTS,
        "- id: news\n  title: News\n  kind: announcement\n  issuer: A\n  evidence: [{grade: unverified}]\n"
        f"  effects:\n{lines}\n",
    )
    assert small.problems() == []


class TestBetweenTwoDays:
    def test_nothing_changed(self, small: SmallLibrary) -> None:
        table = changes(small.load(), "us-ear@2023-01-01", "us-ear@2025-01-01", DAY)
        assert len(table) == 0
        assert not digest(table).any

    def test_added(self, small: SmallLibrary) -> None:
        (row,) = found(small.load(), "us-ear@2022-02-28", "us-ear@2022-03-01", "4A906")
        assert (row["kind"], row["instrument"], row["date"], row["exact"]) == ("added", "rule-2022", "2022-03-01", True)
        assert (row["before"], row["after"]) == ("", "Machines with many qubits.")
        assert (row["label"], row["pinpoint"]) == ("Quantum computers", "Entry 4A906")

    def test_the_first_day_is_not_a_change(self, small: SmallLibrary) -> None:
        assert kinds(small.load(), "us-ear@2022-03-01", "us-ear@2023-01-01", "4A906") == []

    def test_changed_field_by_field_with_the_words(self, small: SmallLibrary) -> None:
        rows = found(small.load(), "us-ear@2021-01-01", "us-ear@2023-01-01", "3B001.f")
        assert [(r["kind"], r["field"], r["substantive"]) for r in rows] == [
            ("changed", "thresholds", True),
            ("changed", "reasons", True),
        ]
        thresholds, reasons = rows
        assert [p.text for p in thresholds["redline"].pieces if p.kind != "same"] == ["1.5", "2.4"]
        assert (reasons["before"], reasons["after"]) == ("NS, AT", "NS")
        assert {r["instrument"] for r in rows} == {"rule-2022"}

    def test_a_field_that_one_version_leaves_unstated_is_no_change(self, small: SmallLibrary) -> None:
        """The second version says nothing of licence or origin: unknown there, not dropped."""
        rows = found(small.load(), "us-ear@2021-01-01", "us-ear@2023-01-01", "3B001.f")
        assert not {"licence", "origin"} & {r["field"] for r in rows}

    def test_on_or_before_is_never_added(self, small: SmallLibrary) -> None:
        (row,) = found(small.load(), "eu-dual-use@2020-01-01", "eu-dual-use@2022-01-01")
        assert (row["kind"], row["code"], row["exact"], row["substantive"]) == (
            "unknown-before",
            "3B001.f",
            False,
            False,
        )
        table = changes(small.load(), "eu-dual-use@2020-01-01", "eu-dual-use@2022-01-01", DAY)
        assert digest(table) == Digest(0, 0, 0, 0, 0, 1)
        assert not digest(table).any

    def test_a_later_version_of_such_an_entry_is_a_change(self, small: SmallLibrary) -> None:
        small.change(
            EU,
            '- code: "4A906"\n  label: Ovens',
            '    - {from: "2024-11-08", by: act-2024, scope: Tools that print with any light., pinpoint: f, '
            'evidence: [{grade: unverified}]}\n- code: "4A906"\n  label: Ovens',
        )
        assert kinds(small.load(), "eu-dual-use@2020-01-01", "eu-dual-use@2025-01-01", "3B001.f") == [
            ("changed", "eu-dual-use", "3B001.f", "scope"),
            ("unknown-before", "eu-dual-use", "3B001.f", ""),
        ]

    def test_a_rule_that_ends_and_is_asked_for_on_the_day_after(self, small: SmallLibrary) -> None:
        small.append(US, '    - {from: "2024-06-01", by: rule-2022, ends: "yes", evidence: [{grade: unverified}]}\n')
        library = small.load()
        assert kinds(library, "us-ear@2024-05-30", "us-ear@2024-05-31", "4A906") == []
        (row,) = found(library, "us-ear@2024-05-31", "us-ear@2024-06-01", "4A906")
        assert (row["kind"], row["instrument"], row["date"]) == ("ended", "rule-2022", "2024-06-01")
        assert (row["before"], row["after"]) == ("Machines with many qubits.", "ended on 2024-06-01 by rule-2022")
        assert kinds(library, "us-ear@2024-06-01", "us-ear@2024-06-02", "4A906") == []

    def test_came_and_went_within_the_span(self, small: SmallLibrary) -> None:
        small.append(US, '    - {from: "2024-06-01", by: rule-2022, ends: "yes", evidence: [{grade: unverified}]}\n')
        assert [k for k, *_ in kinds(small.load(), "us-ear@2021-01-01", "us-ear@2025-01-01", "4A906")] == [
            "added",
            "ended",
        ]

    def test_every_step_has_its_own_instrument(self, small: SmallLibrary) -> None:
        small.append(
            US,
            '    - {from: "2024-06-01", by: rule-2022, thresholds: [["qubits >= 20"]], pinpoint: e, '
            "evidence: [{grade: unverified}]}\n"
            '    - {from: "2025-06-01", by: rule-2022, thresholds: [["qubits >= 10"]], pinpoint: e, '
            "evidence: [{grade: unverified}]}\n",
        )
        rows = found(small.load(), "us-ear@2023-01-01", "us-ear@2026-01-01", "4A906")
        assert [(r["date"], r["before"], r["after"]) for r in rows] == [
            ("2024-06-01", "qubits of at least 34", "qubits of at least 20"),
            ("2025-06-01", "qubits of at least 20", "qubits of at least 10"),
        ]

    def test_wording_only_comes_after_substance(self, small: SmallLibrary) -> None:
        small.append(
            US,
            '    - {from: "2024-06-01", by: rule-2022, scope: Devices with many qubits., thresholds: [["qubits >= 20"]], '
            "pinpoint: e, evidence: [{grade: unverified}]}\n",
        )
        rows = found(small.load(), "us-ear@2023-01-01", "us-ear@2025-01-01")
        assert [(r["field"], r["substantive"]) for r in rows] == [("thresholds", True), ("scope", False)]

    def test_substance_of_one_entry_comes_before_wording_of_another(self, small: SmallLibrary) -> None:
        later = '    - {{from: "2024-06-01", by: rule-2022, {}, pinpoint: e, evidence: [{{grade: unverified}}]}}\n'
        small.change(US, '- code: "4A906"', later.format("scope: Devices that print with light.") + '- code: "4A906"')
        small.append(US, later.format('thresholds: [["qubits >= 20"]]'))
        assert kinds(small.load(), "us-ear@2023-01-01", "us-ear@2025-01-01") == [
            ("changed", "us-ear", "4A906", "thresholds"),
            ("changed", "us-ear", "3B001.f", "scope"),
        ]

    def test_cleared_exceptions_are_a_change(self, small: SmallLibrary) -> None:
        small.change(
            US,
            '- ["qubits >= 34"]\n',
            '- ["qubits >= 34"]\n      except:\n        - {conditions: ["qubits > 90"], pinpoint: Note 1}\n',
        )
        small.append(
            US,
            '    - {from: "2024-06-01", by: rule-2022, except: null, pinpoint: e, evidence: [{grade: unverified}]}\n',
        )
        (row,) = found(small.load(), "us-ear@2023-01-01", "us-ear@2025-01-01", "4A906")
        assert (row["field"], row["before"], row["after"]) == ("except", "qubits above 90 (Note 1)", "")


class TestEffects:
    def test_ended_by_another_instrument(self, small: SmallLibrary) -> None:
        news(small, '- {on: rule-2022, kind: ends, from: "2024-06-01", parts: ["4A906"]}')
        (row,) = found(small.load(), "us-ear@2023-01-01", "us-ear@2025-01-01", "4A906")
        assert (row["kind"], row["instrument"], row["date"]) == ("ended", "news", "2024-06-01")
        assert row["before"] == "Machines with many qubits."

    def test_taken_over_is_not_ended(self, small: SmallLibrary) -> None:
        news(small, '- {on: rule-2022, kind: displaces, from: "2024-06-01", parts: ["4A906"]}')
        (row,) = found(small.load(), "us-ear@2023-01-01", "us-ear@2025-01-01", "4A906")
        assert (row["kind"], row["after"]) == ("displaced", "displaced from 2024-06-01 by news")

    def test_ended_and_revived(self, small: SmallLibrary) -> None:
        news(
            small,
            """
            - {on: rule-2022, kind: ends, from: "2024-06-01", parts: ["4A906"]}
            - {on: rule-2022, kind: revives, from: "2025-02-01", parts: ["4A906"]}
            """,
        )
        library = small.load()
        rows = found(library, "us-ear@2023-01-01", "us-ear@2026-01-01", "4A906")
        assert sorted((r["date"], r["kind"], r["instrument"]) for r in rows) == [
            ("2024-06-01", "ended", "news"),
            ("2025-02-01", "added", "news"),
        ]
        (again,) = found(library, "us-ear@2024-12-01", "us-ear@2026-01-01", "4A906")
        assert (again["kind"], again["date"]) == ("added", "2025-02-01")

    def test_ended_and_listed_anew(self, small: SmallLibrary) -> None:
        news(small, '- {on: rule-2022, kind: ends, from: "2024-06-01", parts: ["4A906"]}')
        small.append(US, '    - {from: "2025-03-01", by: rule-2020, pinpoint: e, evidence: [{grade: unverified}]}\n')
        rows = found(small.load(), "us-ear@2024-12-01", "us-ear@2026-01-01", "4A906")
        assert [(r["kind"], r["date"], r["instrument"]) for r in rows] == [("added", "2025-03-01", "rule-2020")]

    @pytest.mark.parametrize(("kind", "word"), [("stays", "stayed"), ("not-enforced", "not enforced")])
    def test_a_mark_is_neither_an_end_nor_a_change(self, small: SmallLibrary, kind: str, word: str) -> None:
        news(small, f'- {{on: rule-2022, kind: {kind}, from: "2024-06-01"}}')
        (row,) = found(small.load(), "us-ear@2023-01-01", "us-ear@2025-01-01", "4A906")
        assert (row["kind"], row["field"], row["after"]) == ("marked", kind, f"{word} from 2024-06-01 by news")
        assert (row["instrument"], row["date"]) == ("news", "2024-06-01")

    def test_a_mark_that_stood_before_is_no_news(self, small: SmallLibrary) -> None:
        news(small, '- {on: rule-2022, kind: not-enforced, from: "2024-06-01"}')
        assert kinds(small.load(), "us-ear@2024-06-01", "us-ear@2025-01-01") == []

    def test_a_second_mark_does_not_repeat_the_first(self, small: SmallLibrary) -> None:
        news(
            small,
            """
            - {on: rule-2022, kind: not-enforced, from: "2024-06-01"}
            - {on: rule-2022, kind: stays, from: "2024-09-01"}
            """,
        )
        rows = found(small.load(), "us-ear@2023-01-01", "us-ear@2025-01-01", "4A906")
        assert sorted((r["date"], r["field"]) for r in rows) == [
            ("2024-06-01", "not-enforced"),
            ("2024-09-01", "stays"),
        ]

    def test_the_day_until_which_all_was_verified_is_no_change(self, small: SmallLibrary) -> None:
        news(small, '- {on: rule-2022, kind: not-enforced, from: "2026-07-10"}')
        (row,) = found(small.load(), "us-ear@2026-01-01", "us-ear@2026-12-01", "4A906")
        assert row["field"] == "not-enforced"

    def test_what_followed_a_stay_is_unknown_and_not_an_end(self, small: SmallLibrary) -> None:
        news(small, '- {on: rule-2022, kind: stays, from: "2024-06-01", until: "2024-12-31"}')
        rows = found(small.load(), "us-ear@2024-07-01", "us-ear@2025-01-01", "4A906")
        assert [(r["kind"], r["field"], r["after"]) for r in rows] == [
            ("marked", "unknown", "stayed until 2024-12-31 by news; what followed is unknown")
        ]

    def test_a_version_after_an_unknown_sequel_is_not_known_to_be_new(self, small: SmallLibrary) -> None:
        news(small, '- {on: rule-2022, kind: stays, from: "2024-06-01", until: "2024-12-31"}')
        small.append(US, '    - {from: "2025-03-01", by: rule-2020, pinpoint: e, evidence: [{grade: unverified}]}\n')
        (row,) = found(small.load(), "us-ear@2025-01-15", "us-ear@2026-01-01", "4A906")
        assert (row["kind"], row["date"]) == ("unknown-before", "2025-03-01")

    def test_a_delay(self, small: SmallLibrary) -> None:
        news(small, '- {on: rule-2022, kind: delays, from: "2022-02-01", until: "2022-04-30"}')
        library = small.load()
        assert kinds(library, "us-ear@2022-02-01", "us-ear@2022-04-30", "4A906") == []
        (row,) = found(library, "us-ear@2022-04-30", "us-ear@2022-05-01", "4A906")
        assert (row["kind"], row["date"]) == ("added", "2022-05-01")


class TestBetweenTwoSides:
    def test_the_same_code_in_two_regimes_is_no_match(self, small: SmallLibrary) -> None:
        """4A906 is a quantum computer here and an oven there: one goes, the other comes, nothing is changed."""
        rows = kinds(small.load(), "us-ear", "eu-dual-use", "4A906")
        assert sorted(rows) == [("added", "eu-dual-use", "4A906", ""), ("ended", "us-ear", "4A906", "")]

    def test_a_start_of_unknown_age_is_no_matter_between_regimes(self, small: SmallLibrary) -> None:
        assert ("added", "eu-dual-use", "3B001.f", "") in kinds(small.load(), "us-ear", "eu-dual-use")

    def test_all_law_in_a_place_against_one_layer(self, small: SmallLibrary) -> None:
        assert kinds(small.load(), "eu-dual-use", "law-in:nl") == [("added", "nl-national", "3B001.f.4", "")]

    def test_what_a_proposal_would_change(self, small: SmallLibrary) -> None:
        small.append(
            US,
            '    - {from: "2023-02-01", by: bill-2023, thresholds: [["qubits >= 20"]], pinpoint: s. 1, '
            "evidence: [{grade: unverified}]}\n",
        )
        rows = [r for r in found(small.load(), "us-ear", "us-ear:bill-2023") if r["kind"] == "changed"]
        assert [(r["field"], r["before"], r["after"], r["instrument"]) for r in rows] == [
            ("thresholds", "qubits of at least 34", "qubits of at least 20", "bill-2023")
        ]

    def test_a_side_against_itself(self, small: SmallLibrary) -> None:
        assert kinds(small.load(), "law-in:nl", "law-in:nl") == []


def test_digest_counts_entries_and_not_rows(small: SmallLibrary) -> None:
    table = changes(small.load(), "us-ear@2021-01-01", "us-ear@2023-01-01", DAY)
    assert len(table) == 3
    assert digest(table) == Digest(added=1, ended=0, displaced=0, changed=1, marked=0, unknown_before=0)
    assert digest(table).any


def test_order_of_kinds(small: SmallLibrary) -> None:
    small.append(
        US,
        '- code: "9X001"\n  label: Short-lived\n  technologies: [quantum]\n  versions:\n'
        '    - {from: "2020-01-15", by: rule-2020, scope: A., pinpoint: e, evidence: [{grade: unverified}]}\n'
        '    - {from: "2022-06-01", by: rule-2022, ends: "yes", evidence: [{grade: unverified}]}\n',
    )
    rows = kinds(small.load(), "us-ear@2021-01-01", "us-ear@2023-01-01")
    assert [(kind, code) for kind, _, code, _ in rows] == [
        ("added", "4A906"),
        ("ended", "9X001"),
        ("changed", "3B001.f"),
        ("changed", "3B001.f"),
    ]
