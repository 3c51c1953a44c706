"""Scope: entries side by side, and what curated pairs say about them."""

from __future__ import annotations

from typing import Any

import pytest
from small_library import NL, US, SmallLibrary

from analysis.compare.scope import entries, pairs, unpaired
from analysis.encoding.library import Library, UnknownName

DAY = "2025-01-01"
LITHO = "semiconductors/lithography"
MAPPINGS = "regimes/mappings.yaml"


def row(library: Library, side: str, code: str, day: str = DAY, technology: str | None = LITHO) -> dict[str, Any]:
    table = entries(library, [side], day, technology)
    (found,) = table[table["code"] == code].to_dict("records")
    return {str(k): v for k, v in found.items()}


def paired(library: Library, a: str, b: str, day: str = DAY, technology: str | None = None) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in r.items()} for r in pairs(library, a, b, day, technology).to_dict("records")]


class TestEntries:
    def test_side_by_side(self, small: SmallLibrary) -> None:
        table = entries(small.load(), ["us-ear", "law-in:nl"], DAY, LITHO)
        assert list(zip(table["side"], table["layer"], table["code"], strict=True)) == [
            ("us-ear", "us-ear", "3B001.f"),
            ("law-in:nl", "eu-dual-use", "3B001.f"),
            ("law-in:nl", "nl-national", "3B001.f.4"),
        ]

    def test_what_an_entry_says(self, small: SmallLibrary) -> None:
        found = row(small.load(), "us-ear", "3B001.f", "2021-01-01")
        assert found["scope"] == "Tools that print with light."
        assert found["thresholds"] == "wavelength below 193 nm; or wavelength of 193 nm, overlay up to 1.5 nm"
        assert (found["reasons"], found["origin"]) == ("NS, AT", "wassenaar")
        assert found["licence"] == "NS to NS1, D:1, case by case (1(a))"
        assert (found["since"], found["first"], found["start"], found["by"]) == (
            "2020-01-15",
            "2020-01-15",
            "exact",
            "rule-2020",
        )
        assert (found["grade_text"], found["grade_dates"]) == ("official", "unverified")
        assert (found["checked"], found["against"]) == ("2026-06-30", "A print")
        assert found["file"] == f"{US}:1"

    def test_a_later_state_keeps_the_first_day(self, small: SmallLibrary) -> None:
        found = row(small.load(), "us-ear", "3B001.f")
        assert (found["since"], found["first"]) == ("2022-03-01", "2020-01-15")
        assert (found["origin"], found["licence"]) == ("not stated", "")

    def test_no_number_and_not_encoded_are_different_words(self, small: SmallLibrary) -> None:
        library = small.load()
        assert row(library, "eu-dual-use", "4A906", technology="semiconductors/etch")["thresholds"] == "no number"
        small.change(US, '      thresholds:\n        - ["qubits >= 34"]\n', "")
        assert row(small.load(), "us-ear", "4A906", technology="quantum")["thresholds"] == "not encoded"

    def test_what_a_note_takes_out_again(self, small: SmallLibrary) -> None:
        small.change(
            US,
            '- ["qubits >= 34"]\n',
            '- ["qubits >= 34"]\n      except:\n        - {conditions: ["euv == yes", "qubits < 90"], pinpoint: Note 1}\n',
        )
        found = row(small.load(), "us-ear", "4A906", technology=None)
        assert found["thresholds"] == "qubits of at least 34; not: extreme ultraviolet light, qubits below 90 (Note 1)"

    def test_above_and_below_a_technology(self, small: SmallLibrary) -> None:
        library = small.load()
        assert list(entries(library, ["eu-dual-use"], DAY, "semiconductors")["code"]) == ["3B001.f", "4A906"]
        assert list(entries(library, ["eu-dual-use"], DAY, "semiconductors/litho")["code"]) == ["3B001.f"]
        assert list(entries(library, ["eu-dual-use"], DAY, "quantum")["code"]) == []

    def test_not_before_it_is_in_force(self, small: SmallLibrary) -> None:
        assert len(entries(small.load(), ["nl-national"], "2023-08-31", LITHO)) == 0

    def test_mistyped_technology(self, small: SmallLibrary) -> None:
        with pytest.raises(UnknownName, match="nearest valid name: semiconductors/lithography"):
            entries(small.load(), ["us-ear"], DAY, "semiconductors/lithografy")


class TestPairs:
    def test_never_by_code_alone(self, small: SmallLibrary) -> None:
        """4A906 stands on both lists for different things, and nobody mapped them."""
        found = paired(small.load(), "us-ear", "eu-dual-use")
        assert [(p["code_a"], p["code_b"]) for p in found] == [("3B001.f", "3B001.f")]

    def test_what_a_pair_says(self, small: SmallLibrary) -> None:
        (found,) = paired(small.load(), "us-ear", "eu-dual-use")
        assert (found["relation"], found["verdict"]) == ("closeMatch", "wider")
        assert found["reason"] == "The American entry also takes tools at 193 nm."
        assert (found["first_a"], found["start_b"]) == ("2020-01-15", "on-or-before")
        assert found["grade"] == "unverified"
        assert found["file"] == f"{MAPPINGS}:1"

    def test_read_from_the_other_side(self, small: SmallLibrary) -> None:
        library = small.load()
        (there,) = paired(library, "nl-national", "us-ear")
        (back,) = paired(library, "us-ear", "nl-national")
        assert (there["relation"], there["verdict"]) == ("broadMatch", "narrower")
        assert (back["relation"], back["verdict"]) == ("narrowMatch", "wider")
        assert (back["code_a"], back["code_b"]) == ("3B001.f", "3B001.f.4")

    def test_all_law_in_a_place_names_its_layers(self, small: SmallLibrary) -> None:
        found = paired(small.load(), "us-ear", "law-in:nl")
        assert [(p["layer_b"], p["code_b"]) for p in found] == [
            ("eu-dual-use", "3B001.f"),
            ("nl-national", "3B001.f.4"),
        ]

    def test_the_verdict_is_that_of_the_day(self, small: SmallLibrary) -> None:
        small.change(NL, "overlay <= 1.5 nm", "overlay <= 2.0 nm")
        library = small.load()
        days = ("us-ear@2022-02-28", "us-ear@2022-03-01")
        assert [paired(library, day, "nl-national")[0]["verdict"] for day in days] == ["overlapping", "wider"]

    def test_both_must_be_in_force(self, small: SmallLibrary) -> None:
        assert paired(small.load(), "us-ear", "nl-national", "2023-08-31") == []

    def test_a_mapping_holds_on_its_days(self, small: SmallLibrary) -> None:
        small.change(
            MAPPINGS,
            "reason: The American entry also takes tools at 193 nm.",
            'from: "2022-01-01"\n  until: "2023-12-31"\n  reason: The American entry also takes tools at 193 nm.',
        )
        library = small.load()
        days = ("2021-12-31", "2022-01-01", "2023-12-31", "2024-01-01")
        assert [len(paired(library, "us-ear", "eu-dual-use", day)) for day in days] == [0, 1, 1, 0]

    def test_of_one_technology(self, small: SmallLibrary) -> None:
        library = small.load()
        assert len(paired(library, "us-ear", "eu-dual-use", technology="semiconductors")) == 1
        assert paired(library, "us-ear", "eu-dual-use", technology="quantum") == []

    def test_what_only_one_side_has(self, small: SmallLibrary) -> None:
        library = small.load()
        table = entries(library, ["us-ear", "eu-dual-use"], DAY, None)
        rest = unpaired(table, pairs(library, "us-ear", "eu-dual-use", DAY))
        assert list(zip(rest["layer"], rest["code"], strict=True)) == [("us-ear", "4A906"), ("eu-dual-use", "4A906")]

    def test_no_pairs_leave_everything(self, small: SmallLibrary) -> None:
        library = small.load()
        table = entries(library, ["us-ear"], DAY, "quantum")
        assert len(unpaired(table, pairs(library, "us-ear", "wassenaar", DAY))) == len(table) == 1
