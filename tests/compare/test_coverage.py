"""Coverage: every state a cell can have, and that ignorance is never shown as a "no"."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from small_library import NL, US, SmallLibrary

from analysis.compare.coverage import (
    STATES,
    blanks,
    coverage,
    first_listed,
    general_catch_alls,
    mechanisms,
)
from analysis.encoding.library import Library

DAY = "2025-01-01"
EU_FINDINGS = "regimes/eu-dual-use/findings.yaml"
EU_PROVISIONS = "regimes/eu-dual-use/provisions.yaml"
US_FINDINGS = "regimes/us-ear/findings.yaml"


def cell(library: Library, side: str, technology: str, day: str = DAY) -> dict[str, Any]:
    table = coverage(library, [side], day)
    (row,) = table[table["technology"] == technology].to_dict("records")
    return {str(k): v for k, v in row.items()}


def finding(name: str, technology: str, kind: str, side: str = "eu-dual-use", **more: str) -> str:
    extra = "".join(f'  {key}: "{value}"\n' for key, value in more.items())
    return (
        f'- id: {name}\n  technology: {technology}\n  side: {side}\n  from: "2021-09-09"\n{extra}'
        f"  finding: {kind}\n  searched: [Annex I]\n  note: A note.\n  evidence: [{{grade: secondary, "
        'checked: "2026-06-30", against: A print}]\n'
    )


def provision(name: str, mechanism: str, extent: str, technologies: str = "[]") -> str:
    return (
        f"- id: {name}\n  instrument: reg-2021\n  mechanism: {mechanism}\n  extent: {extent}\n  summary: Something.\n"
        f'  pinpoint: Art. 9\n  from: "2021-09-09"\n  technologies: {technologies}\n  evidence: [{{grade: unverified}}]\n'
    )


class TestStates:
    def test_listed(self, small: SmallLibrary) -> None:
        found = cell(small.load(), "us-ear", "semiconductors/lithography")
        assert (found["state"], found["word"], found["codes"]) == ("listed", "listed", ["3B001.f"])
        assert (found["layer"], found["since"], found["censored"]) == ("us-ear", "2020-01-15", False)
        assert (found["entries"], found["more"]) == (1, 0)

    def test_catch_all(self, small: SmallLibrary) -> None:
        found = cell(small.load(), "eu-dual-use", "cyber-surveillance")
        assert (found["state"], found["word"], found["codes"]) == ("catch-all", "catch all", ["Art. 5"])
        assert found["records"][0].record == "reg-2021-art-5"

    @pytest.mark.parametrize("extent", ["delegated", "contested"])
    def test_left_to_others_or_in_dispute(self, small: SmallLibrary, extent: str) -> None:
        small.append(EU_PROVISIONS, provision("reg-2021-art-9", "transit", extent, "[quantum]"))
        library = small.load()
        assert cell(library, "eu-dual-use", "quantum/quantum-computing")["state"] == extent
        assert cell(library, "eu-dual-use", "quantum")["state"] == extent

    @pytest.mark.parametrize("kind", ["delegated", "contested", "considered", "not-found"])
    def test_findings(self, small: SmallLibrary, kind: str) -> None:
        small.append(EU_FINDINGS, finding("eu-computing", "quantum/quantum-computing", kind))
        found = cell(small.load(), "eu-dual-use", "quantum/quantum-computing")
        assert (found["state"], found["word"]) == (kind, kind.replace("-", " "))
        assert (found["grade"], found["records"][0].note) == ("secondary", "A note.")

    def test_not_encoded(self, small: SmallLibrary) -> None:
        found = cell(small.load(), "us-ear", "cyber-surveillance")
        assert (found["state"], found["word"], found["entries"]) == ("not-encoded", "not encoded", 0)
        assert (found["grade"], found["layer"], found["since"]) == ("", "", "")

    def test_every_cell_is_there_in_a_known_state(self, small: SmallLibrary) -> None:
        library = small.load()
        table = coverage(library, ["us-ear", "eu-dual-use", "law-in:nl", "eu-dual-use:com-2016"], DAY)
        assert len(table) == 4 * len(library.vocabulary.technologies)
        assert set(table["state"]) <= set(STATES)

    def test_an_extent_of_none_is_no_catch_all(self, small: SmallLibrary) -> None:
        small.append(EU_PROVISIONS, provision("reg-2021-art-9", "catch-all-military", "none", "[quantum]"))
        assert cell(small.load(), "eu-dual-use", "quantum/quantum-computing")["state"] == "not-encoded"

    def test_a_mechanism_that_is_no_catch_all_covers_nothing(self, small: SmallLibrary) -> None:
        small.append(EU_PROVISIONS, provision("reg-2021-art-9", "transit", "full", "[quantum]"))
        assert cell(small.load(), "eu-dual-use", "quantum/quantum-computing")["state"] == "not-encoded"

    def test_the_strongest_is_shown_and_the_others_are_counted(self, small: SmallLibrary) -> None:
        small.append(EU_FINDINGS, finding("eu-litho", "semiconductors/lithography", "contested"))
        found = cell(small.load(), "eu-dual-use", "semiconductors/lithography")
        assert (found["state"], found["entries"], found["more"]) == ("listed", 1, 1)
        assert [r.state for r in found["records"]] == ["listed", "contested"]

    def test_before_anything_was_listed(self, small: SmallLibrary) -> None:
        assert cell(small.load(), "us-ear", "quantum/quantum-computing", "2022-02-28")["state"] == "not-encoded"
        assert cell(small.load(), "us-ear", "quantum/quantum-computing", "2022-03-01")["state"] == "listed"

    def test_a_finding_holds_on_its_days_only(self, small: SmallLibrary) -> None:
        small.append(EU_FINDINGS, finding("eu-c", "quantum/quantum-computing", "considered", until="2022-12-31"))
        library = small.load()
        assert cell(library, "eu-dual-use", "quantum/quantum-computing", "2022-12-31")["state"] == "considered"
        assert cell(library, "eu-dual-use", "quantum/quantum-computing", "2023-01-01")["state"] == "not-encoded"

    def test_on_or_before_is_kept_with_the_date(self, small: SmallLibrary) -> None:
        found = cell(small.load(), "eu-dual-use", "semiconductors/lithography")
        assert (found["since"], found["censored"]) == ("2021-09-09", True)

    def test_grade_of_the_text(self, small: SmallLibrary) -> None:
        assert cell(small.load(), "us-ear", "semiconductors/lithography", "2021-01-01")["grade"] == "official"
        assert cell(small.load(), "us-ear", "semiconductors/lithography")["grade"] == "secondary"


class TestParents:
    def test_has_the_strongest_of_what_lies_below(self, small: SmallLibrary) -> None:
        found = cell(small.load(), "us-ear", "semiconductors")
        assert (found["state"], found["codes"], found["leaf"], found["depth"]) == ("listed", ["3B001.f"], False, 0)

    def test_is_never_negative_while_a_child_is_not_encoded(self, small: SmallLibrary) -> None:
        """Nothing found on sensing, nothing known of computing: nothing is said about quantum as a whole."""
        library = small.load()
        assert cell(library, "eu-dual-use", "quantum/quantum-sensing")["state"] == "not-found"
        assert cell(library, "eu-dual-use", "quantum/quantum-computing")["state"] == "not-encoded"
        parent = cell(library, "eu-dual-use", "quantum")
        assert (parent["state"], parent["entries"], parent["more"]) == ("not-encoded", 0, 1)

    def test_not_even_by_a_finding_of_its_own(self, small: SmallLibrary) -> None:
        small.append(EU_FINDINGS, finding("eu-quantum", "quantum", "not-found"))
        assert cell(small.load(), "eu-dual-use", "quantum")["state"] == "not-encoded"

    def test_is_negative_when_every_child_is(self, small: SmallLibrary) -> None:
        small.append(EU_FINDINGS, finding("eu-computing", "quantum/quantum-computing", "considered"))
        assert cell(small.load(), "eu-dual-use", "quantum")["state"] == "considered"

    def test_deeper_children_count(self, small: SmallLibrary) -> None:
        small.append(
            "regimes/vocabulary/technologies.yaml",
            "- id: quantum/quantum-sensing/gravity\n  label: {en: Gravity}\n  definition: Falling atoms.\n"
            "  parent: quantum/quantum-sensing\n  sources: [test]\n  evidence: [{grade: unverified}]\n",
        )
        small.append(EU_FINDINGS, finding("eu-computing", "quantum/quantum-computing", "not-found"))
        library = small.load()
        assert cell(library, "eu-dual-use", "quantum/quantum-sensing/gravity")["depth"] == 2
        assert cell(library, "eu-dual-use", "quantum/quantum-sensing")["state"] == "not-encoded"
        assert cell(library, "eu-dual-use", "quantum")["state"] == "not-encoded"

    def test_the_same_entry_is_counted_once(self, small: SmallLibrary) -> None:
        small.change(
            US, "technologies: [semiconductors/lithography]", "technologies: [semiconductors, semiconductors/etch]"
        )
        found = cell(small.load(), "us-ear", "semiconductors")
        assert (found["entries"], found["codes"]) == (1, ["3B001.f"])

    def test_a_part_of_the_tree(self, small: SmallLibrary) -> None:
        table = coverage(small.load(), ["us-ear"], DAY, ["quantum", "semiconductors/litho"])
        assert list(table["technology"]) == [
            "quantum",
            "quantum/quantum-computing",
            "quantum/quantum-sensing",
            "semiconductors/lithography",
        ]


class TestLayers:
    def test_each_layer_is_named(self, small: SmallLibrary) -> None:
        found = cell(small.load(), "law-in:nl", "semiconductors/lithography")
        assert found["layers"] == ["eu-dual-use", "nl-national"]
        assert found["codes"] == ["3B001.f", "3B001.f.4"]
        assert {r.layer for r in found["records"]} == {"eu-dual-use", "nl-national"}

    def test_a_union_listing_binds_in_the_netherlands(self, small: SmallLibrary) -> None:
        library = small.load()
        assert cell(library, "nl-national", "semiconductors/etch")["state"] == "not-encoded"
        found = cell(library, "law-in:nl", "semiconductors/etch")
        assert (found["state"], found["layer"]) == ("listed", "eu-dual-use")

    def test_a_layer_that_says_nothing_is_no_no(self, small: SmallLibrary) -> None:
        """The Union list was searched, the Dutch one was not: the answer for the Netherlands is not known."""
        library = small.load()
        assert cell(library, "eu-dual-use", "quantum/quantum-sensing")["state"] == "not-found"
        assert cell(library, "law-in:nl", "quantum/quantum-sensing")["state"] == "not-encoded"

    def test_every_layer_says_no(self, small: SmallLibrary) -> None:
        small.append(
            "regimes/nl-national/findings.yaml", finding("nl-s", "quantum/quantum-sensing", "not-found", "nl-national")
        )
        assert cell(small.load(), "law-in:nl", "quantum/quantum-sensing")["state"] == "not-found"

    def test_a_finding_about_all_law_in_the_place(self, small: SmallLibrary) -> None:
        small.append(
            "regimes/nl-national/findings.yaml", finding("nl-s", "quantum/quantum-computing", "considered", "law-in:nl")
        )
        library = small.load()
        assert cell(library, "law-in:nl", "quantum/quantum-computing")["state"] == "considered"
        assert cell(library, "nl-national", "quantum/quantum-computing")["state"] == "not-encoded"

    def test_a_displaced_entry_lists_no_longer(self, small: SmallLibrary) -> None:
        small.change(
            "regimes/eu-dual-use/instruments.yaml",
            "title: A delegated act",
            'title: A delegated act\n  effects:\n    - {on: order-2023, kind: displaces, from: "2024-11-08", '
            'parts: ["3B001.f.4"]}',
        )
        library = small.load()
        assert cell(library, "nl-national", "semiconductors/lithography", "2024-11-07")["state"] == "listed"
        assert cell(library, "nl-national", "semiconductors/lithography", "2024-11-08")["state"] == "not-encoded"
        assert cell(library, "law-in:nl", "semiconductors/lithography", "2024-11-08")["layers"] == ["eu-dual-use"]

    def test_what_happened_to_an_entry_is_a_note_on_it(self, small: SmallLibrary) -> None:
        small.append(
            "regimes/us-ear/instruments.yaml",
            "- id: news\n  title: News\n  kind: announcement\n  issuer: A\n  evidence: [{grade: unverified}]\n"
            '  effects:\n    - {on: rule-2022, kind: not-enforced, from: "2024-01-01"}\n',
        )
        found = cell(small.load(), "us-ear", "quantum/quantum-computing")
        assert found["state"] == "listed"
        assert found["records"][0].note == "not enforced from 2024-01-01 by news"


class TestProposals:
    def test_would_be_listed(self, small: SmallLibrary) -> None:
        found = cell(small.load(), "eu-dual-use:com-2016", "cyber-surveillance")
        assert (found["state"], found["word"]) == ("listed", "would be listed")

    def test_law_is_listed(self, small: SmallLibrary) -> None:
        assert cell(small.load(), "eu-dual-use:reg-2021", "semiconductors/lithography")["word"] == "listed"

    def test_of_a_proposal_only_what_it_says_itself(self, small: SmallLibrary) -> None:
        found = cell(small.load(), "eu-dual-use:com-2016", "semiconductors/lithography")
        assert (found["state"], found["word"]) == ("not-encoded", "not encoded")
        assert cell(small.load(), "eu-dual-use:com-2016", "quantum/quantum-sensing")["state"] == "not-encoded"


class TestHonesty:
    def test_blanks(self, small: SmallLibrary) -> None:
        table = blanks(coverage(small.load(), ["us-ear"], DAY))
        (row,) = table.to_dict("records")
        # Leaves: lithography and computing listed, sensing not found, etching and surveillance blank.
        assert (row["leaves"], row["listed"], row["negative"], row["blank"]) == (5, 2, 1, 2)
        assert row["share_blank"] == pytest.approx(0.4)

    def test_general_catch_alls_are_a_footnote(self, small: SmallLibrary) -> None:
        """They could reach anything, so they fill no cell."""
        library = small.load()
        notes = general_catch_alls(library, ["us-ear", "eu-dual-use"], DAY)
        assert list(notes["pinpoint"]) == ["Section 7"]
        assert "catch-all" not in set(coverage(library, ["us-ear"], DAY)["state"])

    def test_a_catch_all_that_names_its_technology_is_none(self, small: SmallLibrary) -> None:
        assert len(general_catch_alls(small.load(), ["eu-dual-use"], DAY)) == 0


class TestMechanisms:
    def row(self, library: Library, side: str, mechanism: str, day: str = DAY) -> dict[str, Any]:
        table = mechanisms(library, [side], day)
        (found,) = table[table["mechanism"] == mechanism].to_dict("records")
        return {str(k): v for k, v in found.items()}

    def test_extent_with_its_provision(self, small: SmallLibrary) -> None:
        found = self.row(small.load(), "us-ear", "catch-all-military")
        assert (found["extent"], found["layer"], found["entries"]) == ("full", "us-ear", 1)
        assert [p.id for p in found["provisions"]] == ["rule-2020-military"]

    def test_delegated(self, small: SmallLibrary) -> None:
        assert self.row(small.load(), "law-in:nl", "transit")["extent"] == "delegated"

    def test_the_national_layer_comes_on_top(self, small: SmallLibrary) -> None:
        small.append(
            "regimes/nl-national/provisions.yaml",
            provision("nl-transit", "transit", "full").replace("reg-2021", "order-2023").replace("2021-", "2023-"),
        )
        found = self.row(small.load(), "law-in:nl", "transit")
        assert (found["extent"], found["layers"], found["more"]) == ("full", ["nl-national"], 1)

    def test_not_encoded(self, small: SmallLibrary) -> None:
        found = self.row(small.load(), "us-ear", "transit")
        assert (found["extent"], found["layers"], found["grade"]) == ("not-encoded", [], "")

    def test_finding(self, small: SmallLibrary) -> None:
        small.append(
            US_FINDINGS,
            finding("us-transit", "x", "not-found", "us-ear").replace("technology: x", "mechanism: transit"),
        )
        found = self.row(small.load(), "us-ear", "transit")
        assert (found["extent"], found["entries"]) == ("not-found", 1)
        assert [f.id for f in found["findings"]] == ["us-transit"]

    def test_a_layer_that_says_nothing_is_no_no(self, small: SmallLibrary) -> None:
        small.append(
            "regimes/nl-national/findings.yaml",
            finding("nl-m", "x", "not-found", "nl-national").replace("technology: x", "mechanism: catch-all-military"),
        )
        library = small.load()
        assert self.row(library, "nl-national", "catch-all-military")["extent"] == "not-found"
        assert self.row(library, "law-in:nl", "catch-all-military")["extent"] == "not-encoded"

    def test_by_its_old_name(self, small: SmallLibrary) -> None:
        small.change("regimes/vocabulary/mechanisms.yaml", "- id: transit", "- id: transit\n  aliases: [passage]")
        small.change(EU_PROVISIONS, "mechanism: transit", "mechanism: passage")
        assert self.row(small.load(), "eu-dual-use", "transit")["extent"] == "delegated"


class TestFirstListed:
    def rows(self, table: pd.DataFrame) -> dict[tuple[str, str], tuple[str, bool, str]]:
        return {(r.side, r.technology): (r.date, r.censored, r.code) for r in table.itertuples()}

    def test_when_each_side_listed_something(self, small: SmallLibrary) -> None:
        found = self.rows(first_listed(small.load(), ["us-ear", "eu-dual-use", "nl-national"], DAY))
        litho = "semiconductors/lithography"
        assert found["us-ear", litho] == ("2020-01-15", False, "3B001.f")
        assert found["eu-dual-use", litho] == ("2021-09-09", True, "3B001.f")
        assert found["nl-national", litho] == ("2023-09-01", False, "3B001.f.4")
        assert found["us-ear", "semiconductors"] == ("2020-01-15", False, "3B001.f")
        assert ("us-ear", "cyber-surveillance") not in found

    def test_an_entry_of_unknown_age_may_have_been_there_first(self, small: SmallLibrary) -> None:
        small.append(
            US,
            '- code: "3B001.g"\n  label: Old\n  technologies: [semiconductors/lithography]\n  versions:\n'
            '    - {from: "2022-03-01", start: on-or-before, by: rule-2022, scope: Old., pinpoint: g, '
            "evidence: [{grade: unverified}]}\n",
        )
        found = self.rows(first_listed(small.load(), ["us-ear"], DAY))
        assert found["us-ear", "semiconductors/lithography"][:2] == ("2020-01-15", True)

    def test_not_after_the_day(self, small: SmallLibrary) -> None:
        found = self.rows(first_listed(small.load(), ["us-ear"], "2022-02-28"))
        assert ("us-ear", "quantum/quantum-computing") not in found

    def test_what_was_revoked_before_it_took_effect_was_never_listed(self, small: SmallLibrary) -> None:
        small.append(
            "regimes/us-ear/instruments.yaml",
            "- id: news\n  title: News\n  kind: announcement\n  issuer: A\n  evidence: [{grade: unverified}]\n"
            '  effects:\n    - {on: rule-2022, kind: ends, from: "2022-02-01", parts: ["4A906"]}\n',
        )
        found = self.rows(first_listed(small.load(), ["us-ear"], DAY))
        assert ("us-ear", "quantum/quantum-computing") not in found

    def test_dutch_layer(self, small: SmallLibrary) -> None:
        small.change(NL, 'from: "2023-09-01"', 'from: "2021-01-01"\n      start: on-or-before')
        assert self.rows(first_listed(small.load(), ["law-in:nl"], DAY))["law-in:nl", "semiconductors/lithography"] == (
            "2021-01-01",
            True,
            "3B001.f.4",
        )
