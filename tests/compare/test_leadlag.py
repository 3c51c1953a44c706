"""Lead and lag: first listings, who was first, what stays out of medians, and waiting times."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_library import EU, NL, US, SmallLibrary

from analysis.compare.boxes import Bound
from analysis.compare.leadlag import (
    by_instruments,
    cases,
    days_between,
    half_time,
    independent,
    kaplan_meier,
    summary,
    unmatched,
    waiting,
)
from analysis.compare.spans import moves, plain, spans
from analysis.compare.thresholds import Measures
from analysis.encoding.library import Library, load
from analysis.encoding.sides import lives

DAY = "2025-01-01"
MAPPINGS = "regimes/mappings.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def found(library: Library, a: str, b: str, day: str = DAY, **options: Any) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in r.items()} for r in cases(library, a, b, day, **options).to_dict("records")]


def one(library: Library, a: str, b: str, day: str = DAY, **options: Any) -> dict[str, Any]:
    (case,) = [r for r in found(library, a, b, day, **options) if r["relation"]]
    return case


def origin(small: SmallLibrary, name: str, before: str, word: str) -> None:
    """State an origin beside a pinpoint that stands once in the file."""
    small.change(name, before, f"origin: {word}\n      {before}")


class TestFirstListing:
    def test_what_both_catch_counts(self, small: SmallLibrary) -> None:
        """The Dutch entry takes 193 nm up to 1.5 nm overlay, which the American one took from its first version."""
        case = one(small.load(), "us-ear", "nl-national")
        assert (case["listed_a"], case["listed_b"], case["basis"]) == ("2020-01-15", "2023-09-01", "numbers")
        assert (case["first"], case["days_effective"], case["censoring"]) == ("a", 1325, "none")

    def test_a_later_version_may_be_the_first(self, small: SmallLibrary) -> None:
        small.change(NL, "overlay <= 1.5 nm", "overlay <= 2.4 nm")
        case = one(small.load(), "us-ear", "nl-national")
        assert (case["listed_a"], case["instrument_a"]) == ("2022-03-01", "rule-2022")
        assert case["days_effective"] == 549

    def test_without_numbers_the_first_version_counts(self, small: SmallLibrary) -> None:
        small.change(NL, 'thresholds:\n        - ["wavelength == 193 nm", "overlay <= 1.5 nm"]', "thresholds: []")
        case = one(small.load(), "us-ear", "nl-national")
        assert (case["listed_a"], case["basis"]) == ("2020-01-15", "entry")

    def test_other_quantities_before_say_nothing(self, small: SmallLibrary) -> None:
        text = small.read(US)
        old = '        - ["wavelength < 193 nm"]\n        - ["wavelength == 193 nm", "overlay <= 1.5 nm"]\n'
        assert text.count(old) == 1
        small.write(US, text.replace(old, '        - ["qubits >= 3"]\n'))
        case = one(small.load(), "us-ear", "nl-national")
        assert (case["listed_a"], case["basis"]) == ("2020-01-15", "entry")

    def test_a_moved_range_is_no_first_listing(self, small: SmallLibrary) -> None:
        """The range above 1.5 nm leaves 3B001.f for 3B993 on one day by one rule."""
        small.append(
            US,
            """- code: "3B993"
  label: Lithography tools, lower class
  technologies: [semiconductors/lithography]
  versions:
    - from: "2022-12-01"
      by: rule-2022
      scope: Tools that print with light.
      thresholds:
        - ["wavelength == 193 nm", "overlay > 1.5 nm", "overlay <= 2.4 nm"]
      pinpoint: Entry 3B993
      evidence: [{grade: unverified}]
""",
        )
        text = small.read(US)
        tail = "      pinpoint: Entry 3B001.f\n      evidence: [{grade: secondary"
        assert text.count(tail) == 1
        at = text.index(tail)
        end = text.index("\n", text.index("evidence", at)) + 1
        third = """    - from: "2022-12-01"
      by: rule-2022
      thresholds:
        - ["wavelength < 193 nm"]
        - ["wavelength == 193 nm", "overlay <= 1.5 nm"]
      reasons: [NS]
      pinpoint: Entry 3B001.f
      evidence: [{grade: unverified}]
"""
        small.write(US, text[:end] + third + text[end:])
        small.append(
            MAPPINGS,
            """- a: {regime: us-ear, code: "3B993"}
  b: {regime: nl-national, code: "3B001.f.4"}
  relation: closeMatch
  reason: The same band.
  by: test
  checked: "2026-06-30"
  evidence: [{grade: unverified}]
""",
        )
        small.change(NL, "overlay <= 1.5 nm", "overlay <= 2.4 nm")
        made = small.load()
        measures = Measures(made.vocabulary.quantities)
        (move,) = moves(made, "us-ear", measures)
        assert (move.code_from, move.code_to, move.date) == ("3B001.f", "3B993", "2022-12-01")
        (case,) = [r for r in found(made, "us-ear", "nl-national") if r["code_a"] == "3B993"]
        assert (case["listed_a"], case["via_a"]) == ("2022-03-01", "3B001.f")

    def test_a_pair_of_the_past_is_about_what_stood_then(self, library: Library) -> None:
        """The band above 1.50 nm stood in 3B001.f.1.b until December 2024; its pair ends with that."""
        band = "unnumbered/immersion-scanners-overlay-band"
        rows = {r["code_a"]: r for r in found(library, "us-ear", "nl-national", "2026-11-22") if r["code_b"] == band}
        assert {r["listed_a"] for r in rows.values()} == {"2023-11-17"}
        assert rows["3B993.f.1"]["via_a"] == "3B001.f.1.b"
        assert (rows["3B993.f.1"]["days_effective"], rows["3B993.f.1"]["days_published"]) == (295, 317)

    def test_the_dutch_listed_the_best_scanners_first(self, library: Library) -> None:
        (case,) = [r for r in found(library, "nl-national", "us-ear", "2026-11-22") if r["code_a"] == "3B001.f.4"]
        assert (case["first"], case["days_effective"], case["kind"]) == ("a", 77, "alone")


class TestCensoring:
    def test_left(self, small: SmallLibrary) -> None:
        case = one(small.load(), "us-ear", "eu-dual-use")
        assert case["exact_b"] is False
        assert (case["censoring"], case["first"]) == ("left", "")
        assert case["days_effective"] is None
        assert case["at_least"] is None
        assert case["published_b"] is None, "the instrument of a version that was only seen is not the first"

    def test_left_but_certainly_first(self, small: SmallLibrary) -> None:
        small.change(EU, 'from: "2021-09-09"', 'from: "2019-09-09"')
        small.change("regimes/eu-dual-use/instruments.yaml", 'effective: "2021-09-09"', 'effective: "2019-09-09"')
        case = one(small.load(), "us-ear", "eu-dual-use")
        assert (case["first"], case["at_least"], case["days_effective"]) == ("b", 128, None)

    def test_right(self, small: SmallLibrary) -> None:
        case = one(small.load(), "us-ear", "nl-national", "2022-01-15")
        assert (case["listed_b"], case["censoring"], case["first"]) == ("", "right", "a")
        assert (case["at_least"], case["days_effective"]) == (731, None)

    def test_neither_listed_is_no_case(self, small: SmallLibrary) -> None:
        assert not found(small.load(), "us-ear", "nl-national", "2019-01-01")

    def test_medians_leave_both_out(self, small: SmallLibrary) -> None:
        made = small.load()
        (exact,) = summary(cases(made, "us-ear", "nl-national", DAY)).to_dict("records")
        assert (exact["n"], exact["median"], exact["left"], exact["right"]) == (1, 1325, 0, 0)
        (left,) = summary(cases(made, "us-ear", "eu-dual-use", DAY)).to_dict("records")
        assert (left["n"], left["median"], left["left"], left["right"], left["order_unknown"]) == (0, None, 1, 0, 1)
        (right,) = summary(cases(made, "us-ear", "nl-national", "2022-01-15")).to_dict("records")
        assert (right["n"], right["median"], right["left"], right["right"], right["a_first"]) == (0, None, 0, 1, 1)

    def test_the_closest_counterpart_counts(self, small: SmallLibrary) -> None:
        """The American entry is nearly the same as the Union's and broader than the Dutch one."""
        rows = {r["layer_b"]: r["counts"] for r in found(small.load(), "us-ear", "law-in:nl")}
        assert rows == {"eu-dual-use": True, "nl-national": False}

    def test_searched_without_result(self, small: SmallLibrary) -> None:
        small.append(
            US,
            """- code: "6A990"
  label: Quantum sensors
  technologies: [quantum/quantum-sensing]
  versions:
    - from: "2024-01-01"
      by: rule-2022
      scope: Sensors.
      thresholds: []
      origin: unilateral
      pinpoint: Entry 6A990
      evidence: [{grade: unverified}]
""",
        )
        made = small.load()
        (case,) = [r for r in found(made, "us-ear", "eu-dual-use") if not r["relation"]]
        assert (case["code_a"], case["code_b"], case["basis"]) == ("6A990", "", "eu-no-sensing")
        assert (case["kind"], case["censoring"], case["at_least"]) == ("alone", "right", 366)
        alone = unmatched(made, "us-ear", "eu-dual-use", DAY)
        assert dict(zip(alone["code"], alone["checked"], strict=True)) == {"4A906": False, "6A990": True}

    def test_a_finding_does_not_undo_what_is_listed(self, small: SmallLibrary) -> None:
        text = small.read("regimes/us-ear/findings.yaml")
        small.write(
            "regimes/us-ear/findings.yaml",
            text.replace("technology: quantum/quantum-sensing", "technology: semiconductors"),
        )
        table = unmatched(small.load(), "nl-national", "us-ear", DAY)
        assert not table["checked"].any()


class TestKinds:
    @pytest.mark.parametrize(
        ("dutch", "kind"),
        [("wassenaar", "implementation"), ("unilateral", "mixed"), ("mixed", "mixed")],
    )
    def test_the_first_mover_decides(self, small: SmallLibrary, dutch: str, kind: str) -> None:
        """The American entry was first and carried out a regime's decision."""
        origin(small, NL, "pinpoint: Annex, 3B001.f.4", dutch)
        assert one(small.load(), "us-ear", "nl-national")["kind"] == kind

    @pytest.mark.parametrize(("word", "kind"), [("unilateral", "alone"), ("plurilateral", "with-few")])
    def test_alone_or_with_few(self, small: SmallLibrary, word: str, kind: str) -> None:
        small.change(US, "origin: wassenaar", f"origin: {word}")
        origin(small, NL, "pinpoint: Annex, 3B001.f.4", "wassenaar")
        assert one(small.load(), "us-ear", "nl-national")["kind"] == kind

    def test_unknown_without_an_origin(self, small: SmallLibrary) -> None:
        assert one(small.load(), "us-ear", "nl-national")["kind"] == "unknown"

    def test_implementation_is_no_leadership(self, library: Library) -> None:
        table = cases(library, "us-ear", "eu-dual-use", "2026-11-22")
        lead = summary(table).set_index("kind")
        assert lead.loc["implementation", "items"] > 100
        assert lead.loc["alone", "items"] + lead.loc["with-few", "items"] > 30
        known = table[table["kind"] == "implementation"]
        multilateral = {"wassenaar", "australia-group", "mtcr", "nsg", "cwc"}
        assert set(known["origin_a"]) | set(known["origin_b"]) <= {*multilateral, ""}

    def test_not_independent(self, small: SmallLibrary) -> None:
        made = small.load()
        assert not independent(made, "eu-dual-use", "nl-national")
        assert not independent(made, "us-ear", "us-ear")
        assert independent(made, "us-ear", "nl-national")


class TestTables:
    def test_mirror(self, library: Library) -> None:
        there = found(library, "us-ear", "nl-national", "2026-11-22")
        back = {(r["code_b"], r["code_a"]): r for r in found(library, "nl-national", "us-ear", "2026-11-22")}
        turned = {"a": "b", "b": "a", "same": "same", "": ""}
        for r in there:
            other = back[r["code_a"], r["code_b"]]
            assert turned[r["first"]] == other["first"]
            assert (r["days_effective"] or 0) == -(other["days_effective"] or 0)
            assert (r["kind"], r["counts"], r["censoring"]) == (other["kind"], other["counts"], other["censoring"])

    def test_nothing_counts_twice(self, library: Library) -> None:
        table = cases(library, "us-ear", "eu-dual-use", "2026-11-22")
        counted = table[table["counts"].astype(bool)]
        for end in "ab":
            codes = [c for c in zip(counted[f"layer_{end}"], counted[f"code_{end}"], strict=True) if c[1]]
            assert len(codes) == len(set(codes))

    def test_groups_hold_every_case(self, library: Library) -> None:
        table = cases(library, "us-ear", "eu-dual-use", "2026-11-22", "quantum")
        assert by_instruments(table)["items"].sum() == len(table)

    def test_empty(self, small: SmallLibrary) -> None:
        table = cases(small.load(), "us-ear", "nl-national", "2019-01-01")
        assert not len(summary(table)) and not len(by_instruments(table)) and not len(waiting(table, "a", "2019-01-01"))

    def test_waiting(self, small: SmallLibrary) -> None:
        made = small.load()
        assert waiting(cases(made, "us-ear", "nl-national", DAY), "a", DAY).to_dict("records") == [
            {"item": 1, "code": "3B001.f", "date": "2020-01-15", "days": 1325, "followed": True}
        ]
        early = waiting(cases(made, "us-ear", "nl-national", "2022-01-15"), "a", "2022-01-15")
        assert early[["days", "followed"]].values.tolist() == [[731, False]]
        assert not len(waiting(cases(made, "us-ear", "nl-national", DAY), "b", DAY))
        assert not len(waiting(cases(made, "us-ear", "eu-dual-use", DAY), "a", DAY)), (
            "the follower's start is not known"
        )


class TestKaplanMeier:
    #: Weeks in remission of the 21 patients with 6-mercaptopurine (Freireich and others, Blood 21 (1963) 699); + censored.
    WEEKS = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+".split()

    def test_by_hand(self) -> None:
        """Estimates as every textbook gives them: 18/21, then 16/17 of that, and so on."""
        days = [int(w.rstrip("+")) for w in self.WEEKS]
        curve = kaplan_meier(days, [not w.endswith("+") for w in self.WEEKS]).set_index("days")
        events = {d: round(s, 3) for d, s, e in zip(curve.index, curve["share"], curve["events"], strict=True) if e}
        assert events == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
        assert curve.loc[6, ["at_risk", "events", "censored"]].tolist() == [21, 3, 1]
        assert curve.loc[10, "at_risk"] == 15
        assert curve.loc[6, "error"] == pytest.approx(0.0764, abs=0.0001)
        assert curve.loc[23, "error"] == pytest.approx(0.1346, abs=0.0001)
        assert half_time(curve.reset_index()) == 23

    def test_all_followed(self) -> None:
        curve = kaplan_meier([1, 2, 3, 4], [True] * 4)
        assert curve["share"].round(6).tolist() == [1.0, 0.75, 0.5, 0.25, 0.0]

    def test_none_followed(self) -> None:
        curve = kaplan_meier([5, 9], [False, False])
        assert curve["share"].tolist() == [1.0, 1.0, 1.0]
        assert half_time(curve) is None

    def test_on_the_day_itself(self) -> None:
        assert kaplan_meier([0, 4], [True, True])["share"].tolist() == [0.5, 0.0]

    def test_nothing(self) -> None:
        assert kaplan_meier([], []).values.tolist() == [[0, 0, 0, 0, 1.0, 0.0]]

    def test_bad_input(self) -> None:
        with pytest.raises(ValueError, match="2 durations with 1 marks"):
            kaplan_meier([1, 2], [True])
        with pytest.raises(ValueError, match="a duration is negative"):
            kaplan_meier([-1], [True])

    @given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25))
    def test_against_the_slow_definition(self, given_: list[tuple[int, bool]]) -> None:
        curve = kaplan_meier([d for d, _ in given_], [f for _, f in given_])
        for row in curve.to_dict("records"):
            share = 1.0
            for time in range(int(row["days"]) + 1):
                at_risk = [d for d, _ in given_ if d >= time]
                events = [d for d, f in given_ if d == time and f]
                share *= 1 - len(events) / len(at_risk) if at_risk else 1
            assert row["share"] == pytest.approx(share)
        assert curve["share"].is_monotonic_decreasing
        assert curve["share"].between(0, 1).all()
        assert (curve["error"] >= 0).all()
        if all(f for _, f in given_):
            last = curve.iloc[-1]["days"]
            assert curve.iloc[-1]["share"] == pytest.approx(sum(d > last for d, _ in given_) / len(given_))

    @given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=12), st.randoms())
    def test_order_does_not_matter(self, given_: list[tuple[int, bool]], random: Any) -> None:
        shuffled = list(given_)
        random.shuffle(shuffled)
        one_, two = (kaplan_meier([d for d, _ in g], [f for _, f in g]) for g in (given_, shuffled))
        assert one_.equals(two)


class TestSpans:
    def test_displaced(self, library: Library) -> None:
        life = next(x for x in lives(library, "nl-national") if x.control.code == "3B001.f.4")
        last = spans(life)[-1]
        assert (last.until, last.ending, last.cause) == ("2025-11-14", "displaced", "annex-i-takeover-2025-11-15")
        assert spans(life, "2025-11-14")[-1].until is None, "nobody knew then"

    def test_spans_agree_with_the_life(self, library: Library) -> None:
        """On its first and last day, and nowhere between, an entry is listed as its spans say."""
        for regime in ("nl-national", "de-national", "uk-strategic"):
            for life in lives(library, regime):
                for span in spans(life):
                    for day in (span.from_, span.until or "2026-11-22"):
                        standing = life.at(day)
                        assert standing.listed
                        assert standing.state is span.state

    def test_plain(self, small: SmallLibrary) -> None:
        measures = Measures(small.load().vocabulary.quantities)
        from fractions import Fraction

        (cell,) = plain([(Bound("feature-k035", True, Fraction(63), False),)], measures)
        assert cell == (Bound("feature-k025", True, Fraction(45), False),)


def test_days_between() -> None:
    assert days_between("2024-02-28", "2024-03-01") == 2
    assert days_between("2024-03-01", "2024-02-28") == -2
    assert days_between(None, "2024-02-28") is None
    assert days_between("2024-02-28", "") is None
