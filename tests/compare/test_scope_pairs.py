"""Two sides compared: pairs with all that differs, several together, what only one has, the course of each item."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from small_library import NL, US, SmallLibrary

from analysis.compare.bounds import bounds, compared, products, telling
from analysis.compare.compare_sides import as_json, scope
from analysis.compare.courses import course
from analysis.compare.differences import destination_words, differences
from analysis.encoding.library import Library, load
from analysis.encoding.sides import resolve

DAY = "2025-01-01"
TODAY = "2026-11-22"
LITHO = "semiconductors/lithography"
MAPPINGS = "regimes/mappings.yaml"
BAND = "unnumbered/immersion-scanners-overlay-band"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in r.items()} for r in table.to_dict("records")]


class TestPairs:
    def test_what_a_pair_carries(self, small: SmallLibrary) -> None:
        (pair,) = records(scope(small.load(), "nl-national", "us-ear", DAY, LITHO).pairs)
        assert (pair["code_a"], pair["code_b"], pair["relation"]) == ("3B001.f.4", "3B001.f", "broadMatch")
        assert pair["verdict"] == "narrower"
        assert (pair["listed_a"], pair["listed_b"]) == ("2023-09-01", "2020-01-15")
        assert (pair["first_side"], pair["days_effective"]) == ("b", -1325)
        assert (pair["since_a"], pair["by_a"], pair["since_b"], pair["by_b"]) == (
            "2023-09-01",
            "order-2023",
            "2022-03-01",
            "rule-2022",
        )
        assert pair["diff_reasons"] == "Reasons for control: Dutch states none per entry; US NS."

    def test_turned_round(self, small: SmallLibrary) -> None:
        (pair,) = records(scope(small.load(), "us-ear", "nl-national", DAY, LITHO).pairs)
        assert (pair["code_a"], pair["relation"], pair["verdict"]) == ("3B001.f", "narrowMatch", "wider")
        assert (pair["first_side"], pair["days_effective"]) == ("a", 1325)

    def test_only_and_suggestions_never_hold_a_pair(self, library: Library) -> None:
        found = scope(library, "us-ear", "eu-dual-use", TODAY, "semiconductors", min_score=0.2)
        assert len(found.pairs) > 50
        paired_a = set(zip(found.pairs["layer_a"], found.pairs["code_a"], strict=True))
        paired_b = set(zip(found.pairs["layer_b"], found.pairs["code_b"], strict=True))
        only_a = set(zip(found.only_a["layer"], found.only_a["code"], strict=True))
        only_b = set(zip(found.only_b["layer"], found.only_b["code"], strict=True))
        assert only_a
        assert not paired_a & only_a
        assert not paired_b & only_b
        assert not found.suggestions["curated"].astype(bool).any()
        for r in records(found.suggestions):
            ends = (r["layer_a"], r["code_a"]), (r["layer_b"], r["code_b"])
            assert ends[0] not in paired_a or ends[1] not in paired_b

    def test_what_it_met_before(self, library: Library) -> None:
        found = scope(library, "nl-national", "us-ear", TODAY, LITHO)
        (row,) = [r for r in records(found.only_b) if r["code"] == "3B001.f.1.b"]
        assert "met Dutch 3B001.f.4, displaced since 2025-11-15" in row["former"]

    def test_json(self, library: Library) -> None:
        found = as_json(scope(library, "nl-national", "us-ear", TODAY, LITHO))
        again = json.loads(json.dumps(found))
        assert list(again) == [
            "a",
            "b",
            "as_of",
            "technology",
            "pairs",
            "together",
            "only_a",
            "only_b",
            "course",
            "suggestions",
        ]
        (pair,) = again["pairs"]
        assert (pair["code_a"], pair["code_b"], pair["verdict"]) == (BAND, "3B993.f.1", "equal")


class TestTogether:
    """One American entry in two bands; the Dutch ones take a band each."""

    @pytest.fixture
    def bands(self, small: SmallLibrary) -> SmallLibrary:
        small.append(
            NL,
            """- code: "3B001.f.5"
  label: Steppers with middling overlay
  technologies: [semiconductors/lithography]
  versions:
    - from: "2024-09-07"
      by: order-2023
      scope: Tools that print with deep ultraviolet light.
      thresholds:
        - ["wavelength == 193 nm", "overlay > 1.5 nm", "overlay <= 2.4 nm"]
      pinpoint: Annex, 3B001.f.5
      evidence: [{grade: unverified}]
""",
        )
        small.change(
            US, '        - ["wavelength < 193 nm"]\n        - ["wavelength == 193 nm", "overlay <= 2.4 nm"]\n', ""
        )
        text = small.read(US).replace('    - from: "2022-03-01"\n      by: rule-2022\n      thresholds:\n', "", 1)
        assert text != small.read(US)
        small.write(
            US,
            text.replace(
                "      reasons: [NS]\n      pinpoint: Entry 3B001.f\n",
                '    - from: "2022-03-01"\n      by: rule-2022\n      thresholds:\n'
                '        - ["wavelength == 193 nm", "overlay <= 2.4 nm"]\n'
                "      reasons: [NS]\n      pinpoint: Entry 3B001.f\n",
            ),
        )
        small.append(
            MAPPINGS,
            """- a: {regime: nl-national, code: "3B001.f.5"}
  b: {regime: us-ear, code: "3B001.f"}
  relation: broadMatch
  reason: The American entry takes both bands.
  by: test
  checked: "2026-06-30"
  evidence: [{grade: unverified}]
""",
        )
        return small

    def test_one_against_several(self, bands: SmallLibrary) -> None:
        found = scope(bands.load(), "nl-national", "us-ear", DAY, LITHO)
        assert set(found.pairs["verdict"]) == {"narrower"}
        (row,) = records(found.together)
        assert (row["side"], row["code"], row["others"]) == ("b", "3B001.f", ["3B001.f.4", "3B001.f.5"])
        assert row["verdict"] == "equal"
        assert row["sentence"] == "the Dutch entries together and US 3B001.f draw the same line."

    def test_related_does_not_count(self, bands: SmallLibrary) -> None:
        text = bands.read(MAPPINGS)
        bands.write(
            MAPPINGS,
            text.replace(
                "relation: broadMatch\n  reason: The American entry takes both",
                "relation: relatedMatch\n  reason: The American entry takes both",
            ),
        )
        assert not len(scope(bands.load(), "nl-national", "us-ear", DAY, LITHO).together)


class TestCourse:
    def test_the_overlay_story(self, library: Library) -> None:
        rows = records(course(library, "nl-national", "us-ear", TODAY, LITHO))
        (group,) = {r["group"] for r in rows if r["code"] == BAND}
        story = [r for r in rows if r["group"] == group]
        told = [(r["date"], r["exact"], r["layer"], r["code"], r["kind"], r["verdict"]) for r in story]
        assert told == [
            ("2022-10-07", False, "us-ear", "3B001.f.1.b", "listed", "only-b"),
            ("2023-09-01", True, "nl-national", "3B001.f.4", "listed", "overlapping"),
            ("2023-11-17", True, "us-ear", "3B001.f.1.b", "changed", "narrower"),
            ("2024-09-07", True, "nl-national", BAND, "listed", "equal"),
            ("2024-12-02", True, "us-ear", "3B993.f.1", "moved", "equal"),
            ("2025-11-15", True, "nl-national", "3B001.f.4", "displaced", "narrower"),
        ]
        assert all(r["instrument"] for r in story)
        assert story[2]["sentence"] == (
            "Dutch 3B001.f.4 stops at 1.50 nm dedicated chuck overlay; US 3B001.f.1.b also takes tools up to 2.40 nm."
        )
        last = story[-1]
        assert "it stood from 2023-09-01 to 2025-11-14" in last["text"]
        assert "our reading of Article 9(1)" in last["text"]
        assert (last["codes_a"], sorted(last["codes_b"])) == ([BAND], ["3B001.f.1.b", "3B993.f.1"])

    def test_only_what_was_known(self, library: Library) -> None:
        rows = records(course(library, "nl-national", "us-ear", "2024-10-01", LITHO))
        assert max(r["date"] for r in rows) == "2024-09-07"

    def test_what_nobody_paired_and_is_gone(self, library: Library) -> None:
        rows = records(course(library, "nl-national", "us-ear", TODAY))
        gone = [r for r in rows if not r["mapped"]]
        assert gone
        assert {r["kind"] for r in gone} <= {"listed", "changed", "displaced", "ended", "unknown", "marked"}
        for group in {r["group"] for r in gone}:
            assert [r for r in gone if r["group"] == group][-1]["verdict"] == "neither"

    def test_verdicts_are_those_of_the_pair(self, small: SmallLibrary) -> None:
        rows = records(course(small.load(), "us-ear", "nl-national", DAY))
        assert [(r["date"], r["kind"], r["verdict"]) for r in rows if r["mapped"]] == [
            ("2020-01-15", "listed", "only-a"),
            ("2022-03-01", "changed", "only-a"),
            ("2023-09-01", "listed", "wider"),
        ]


class TestDifferences:
    def test_what_agrees_is_left_out(self, library: Library) -> None:
        states = [
            x.standing.state for x in resolve(library, "us-ear", TODAY).listed if x.code in ("4A906.a.1", "4A906.a.2")
        ]
        one, two = (s for s in states if s is not None)
        assert differences(library, "us-ear", one, "us-ear", two) == {}

    def test_in_words(self, library: Library) -> None:
        (pair,) = records(scope(library, "nl-national", "us-ear", TODAY, LITHO).pairs)
        assert pair["diff_licence"] == (
            "Licence needed: Dutch to outside the customs territory of the European Union (case by case); "
            "US to Macao and Country Group D:5 for RS; to column AT1 of the country chart for AT."
        )
        assert pair["diff_origin"] == "", "both its own"

    def test_unstated_is_said(self, small: SmallLibrary) -> None:
        (pair,) = records(scope(small.load(), "nl-national", "us-ear", "2024-01-01", LITHO).pairs)
        assert pair["diff_licence"] == "", "neither states it"
        text = small.read(NL).replace(
            "      pinpoint: Annex, 3B001.f.4", "      licence: []\n      pinpoint: Annex, 3B001.f.4"
        )
        small.write(NL, text)
        (pair,) = records(scope(small.load(), "nl-national", "us-ear", "2024-01-01", LITHO).pairs)
        assert pair["diff_licence"] == "Licence needed: Dutch no licence; US not stated here."

    def test_destinations(self, small: SmallLibrary) -> None:
        made = small.load()
        assert [destination_words(made, d) for d in ("CN", "NS1", "D:1", "XX")] == [
            "China",
            "column NS1 of the country chart",
            "Country Group D:1",
            "XX",
        ]


class TestBounds:
    def test_states_and_ends(self, library: Library) -> None:
        table = bounds(library, ["nl-national"], TODAY, "dedicated-chuck-overlay", LITHO)
        rows = [(r["code"], r["from"], r["until"], r["low"], r["high"], r["ending"]) for r in records(table)]
        assert rows == [
            ("3B001.f.4", "2023-09-01", "2024-09-06", None, 1.5, "changed"),
            ("3B001.f.4", "2024-09-07", "2025-11-14", None, 1.5, "displaced"),
            (BAND, "2024-09-07", "", 1.5, pytest.approx(2.4), ""),
        ]

    def test_converted(self, small: SmallLibrary) -> None:
        text = small.read(US).replace('["wavelength < 193 nm"]', '["feature-k035 <= 63 nm"]')
        small.write(US, text)
        table = bounds(small.load(), ["us-ear"], DAY, "feature-k025")
        assert set(table["high"]) == {45}
        assert set(table["quantity"]) == {"feature-k025"}

    def test_parts_and_software_are_left_out_by_the_pairs(self, library: Library) -> None:
        table = bounds(library, ["us-ear", "nl-national"], TODAY, "dedicated-chuck-overlay", LITHO)
        assert "3B993.f.4" in set(table["code"])
        assert set(compared(library, table)["code"]) == {"3B001.f.1.b", "3B993.f.1", "3B001.f.4", BAND}

    def test_codes(self, library: Library) -> None:
        table = bounds(library, ["us-ear"], TODAY, "total-processing-performance", codes=["3A090"])
        assert set(table["code"]) == {"3A090.a", "3A090.b"}

    def test_telling(self, library: Library) -> None:
        sides = ["us-ear", "eu-dual-use", "nl-national"]
        assert telling(library, sides, TODAY, LITHO) == ["dedicated-chuck-overlay"]
        assert telling(library, sides, TODAY, "advanced-surveillance/faceprint") == []

    def test_products(self, library: Library) -> None:
        found = {r["id"]: r["value"] for r in records(products(library, "performance-density"))}
        assert float(found["nvidia-a100-sxm"]) == pytest.approx(4992 / 826)
        table = products(library, "cooling-power", "quantum")
        assert table["value"].is_monotonic_increasing
        assert float(dict(zip(table["id"], table["value"], strict=True))["bluefors-ld250"]) == pytest.approx(250e-6)
