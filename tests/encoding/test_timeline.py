"""The life of a control: carry-over, effects of instruments, what holds on a day, and for which side."""

from __future__ import annotations

import textwrap

import pytest
from small_library import EU, NL, US, SmallLibrary

from analysis.encoding.library import Library, UnknownName
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.sides import Side, resolve
from analysis.encoding.timeline import Standing, State, Timeline

CODE = "9X001.a"
LIFE = "regimes/us-ear/controls/life.yaml"
INSTRUMENTS = "regimes/us-ear/instruments.yaml"

#: Three instruments of law and two that are none, all of one regime.
ACTS = """
- {id: act-a, title: Act A, kind: regulation, issuer: A, dates: {published: "2010-01-01"}, evidence: [{grade: unverified}]}
- {id: act-b, title: Act B, kind: regulation, issuer: A, dates: {published: "2010-01-01"}, evidence: [{grade: unverified}]}
- {id: act-c, title: Act C, kind: regulation, issuer: A, dates: {published: "2010-01-01"}, evidence: [{grade: unverified}]}
- {id: plan-p, title: Plan P, kind: proposal, issuer: A, dates: {published: "2010-01-01"}, evidence: [{grade: unverified}]}
- {id: plan-q, title: Plan Q, kind: amendments, issuer: A, base: plan-p, evidence: [{grade: unverified}]}
"""


def encode(small: SmallLibrary, versions: str, effects: str = "", code: str = CODE) -> Library:
    """The small library with one more control; ``effects`` belong to an announcement."""
    body = textwrap.indent(textwrap.dedent(versions).strip(), "    ")
    small.write(
        LIFE,
        f'- code: "{code}"\n  label: A thing\n  technologies: [semiconductors/etch]\n  versions:\n{body}\n',
    )
    small.append(INSTRUMENTS, ACTS)
    if effects:
        lines = textwrap.indent(textwrap.dedent(effects).strip(), "    ")
        small.append(
            INSTRUMENTS,
            "- id: news\n  title: News\n  kind: announcement\n  issuer: A\n  evidence: [{grade: unverified}]\n"
            f"  effects:\n{lines}\n",
        )
    assert small.problems() == []
    return small.load()


def on(library: Library, day: str, side: str = "us-ear", code: str = CODE) -> Standing:
    """What a side says about a code on a day."""
    found = [x for x in resolve(library, side, day).listings if x.code == code]
    assert len(found) == 1
    return found[0].standing


def life(library: Library, side: str = "us-ear", code: str = CODE) -> Timeline:
    (found,) = [x for x in resolve(library, side, "2026-01-01").listings if x.code == code]
    return found.timeline


def state(library: Library, day: str, side: str = "us-ear", code: str = CODE) -> State:
    standing = on(library, day, side, code)
    assert standing.state is not None
    return standing.state


FULL = """
    - from: "2020-01-01"
      by: act-a
      scope: Wide.
      thresholds:
        - ["qubits >= 20"]
        - ["gain <= -3 dB"]
      except:
        - {conditions: ["qubits >= 90"], pinpoint: Note 1}
      technologies: [semiconductors/etch, quantum]
      reasons: [NS, AT]
      origin: unilateral
      licence:
        - {reason: NS, destinations: [CN], pinpoint: "1"}
      authorisations:
        - {id: STA, available: "no"}
      binds: [exporter]
      pinpoint: Entry 1
      note: A note.
      evidence: [{grade: official, checked: "2026-06-30", against: A print}]
"""
BARE = """
    - from: "2021-01-01"
      by: act-b
      pinpoint: Entry 2
      evidence: [{grade: unverified}]
"""


class TestCarryOver:
    def test_four_fields_carry_over(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + BARE)
        later = state(library, "2021-06-01")
        assert later.by == "act-b"
        assert later.scope == "Wide."
        assert later.thresholds == [["qubits >= 20"], ["gain <= -3 dB"]]
        assert [e.pinpoint for e in later.except_ or []] == ["Note 1"]
        assert later.technologies == ["semiconductors/etch", "quantum"]

    def test_nothing_else_does(self, small: SmallLibrary) -> None:
        later = state(encode(small, FULL + BARE), "2021-06-01")
        assert later.reasons is None
        assert later.origin is None
        assert later.licence is None
        assert later.authorisations is None
        assert later.version.binds is None
        assert later.version.note is None
        assert later.pinpoint == "Entry 2"
        assert [e.grade for e in later.evidence] == ["unverified"]

    def test_null_clears(self, small: SmallLibrary) -> None:
        cleared = BARE + "      scope: null\n      thresholds: null\n      except: ~\n      technologies:\n"
        later = state(encode(small, FULL + cleared), "2021-06-01")
        assert (later.scope, later.thresholds, later.except_, later.technologies) == (None, None, None, [])
        assert later.boxes is None

    def test_empty_list_is_no_number_and_not_unknown(self, small: SmallLibrary) -> None:
        later = state(encode(small, FULL + BARE + "      thresholds: []\n      except: []\n"), "2021-06-01")
        assert later.boxes == ()
        assert later.except_ == []
        assert later.scope == "Wide."

    def test_lists_replace_whole(self, small: SmallLibrary) -> None:
        replaced = BARE + '      thresholds:\n        - ["qubits >= 50"]\n      technologies: [quantum]\n'
        later = state(encode(small, FULL + replaced), "2021-06-01")
        assert later.thresholds == [["qubits >= 50"]]
        assert later.technologies == ["quantum"]

    def test_carries_through_several_versions(self, small: SmallLibrary) -> None:
        third = BARE.replace("2021", "2022").replace("act-b", "act-c")
        library = encode(small, FULL + BARE + third)
        assert state(library, "2022-06-01").scope == "Wide."

    def test_technologies_of_the_control_itself(self, small: SmallLibrary) -> None:
        library = encode(small, FULL.replace("      technologies: [semiconductors/etch, quantum]\n", ""))
        assert state(library, "2020-06-01").technologies == ["semiconductors/etch"]

    def test_the_version_before_stays_as_it_was(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + BARE + '      thresholds:\n        - ["qubits >= 50"]\n')
        assert state(library, "2020-06-01").thresholds == [["qubits >= 20"], ["gain <= -3 dB"]]


class TestDays:
    def test_the_day_of_effect_counts(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + BARE)
        assert on(library, "2019-12-31").status == "not-yet-encoded"
        assert on(library, "2020-01-01").status == "in-force"
        assert state(library, "2020-12-31").by == "act-a"
        assert state(library, "2021-01-01").by == "act-b"

    def test_before_the_first_version(self, small: SmallLibrary) -> None:
        standing = on(encode(small, FULL), "2019-12-31")
        assert standing.sentence == "not yet encoded for 2019-12-31 (first encoded version: 2020-01-01)"
        assert not standing.listed
        assert standing.state is None

    def test_on_or_before_says_so(self, small: SmallLibrary) -> None:
        library = encode(small, FULL.replace("by: act-a", "start: on-or-before\n      by: act-a"))
        assert on(library, "2020-06-01").sentence == "in force on or before 2020-01-01"
        assert on(library, "2019-12-31").status == "not-yet-encoded"

    def test_after_what_was_verified(self, small: SmallLibrary) -> None:
        library = encode(small, FULL)
        assert on(library, "2026-06-30").marks == ()
        late = on(library, "2026-07-01")
        assert late.listed
        assert late.sentence == "in force since 2020-01-01; last verified on 2026-06-30"
        assert [m.kind for m in late.marks] == ["beyond"]

    def test_a_version_ends_the_control(self, small: SmallLibrary) -> None:
        ends = BARE + '      ends: "yes"\n'
        library = encode(small, FULL + ends)
        assert on(library, "2020-12-31").listed
        gone = on(library, "2021-01-01")
        assert (gone.status, gone.sentence) == ("ended", "ended on 2021-01-01 by act-b")
        assert on(library, "2025-01-01").status == "ended"

    def test_a_rule_ends_and_is_listed_anew(self, small: SmallLibrary) -> None:
        again = BARE.replace("2021", "2023").replace("act-b", "act-c")
        library = encode(small, FULL + BARE + '      ends: "yes"\n' + again)
        assert not on(library, "2022-12-31").listed
        assert on(library, "2023-01-01").listed

    def test_until_is_the_last_day(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + BARE)
        assert [(s.from_, s.until) for s in life(library).states] == [
            ("2020-01-01", "2020-12-31"),
            ("2021-01-01", None),
        ]


class TestDelay:
    DELAY = '- {on: act-b, kind: delays, from: "2020-12-20", until: "2021-03-06"}'

    def test_starts_on_the_day_after(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + BARE, self.DELAY)
        assert state(library, "2021-03-06").by == "act-a"
        assert state(library, "2021-03-07").by == "act-b"
        assert [(s.from_, s.until) for s in life(library).states] == [
            ("2020-01-01", "2021-03-06"),
            ("2021-03-07", None),
        ]

    def test_of_other_parts_only(self, small: SmallLibrary) -> None:
        small.append(US, f'- code: "9X002"\n  label: Other\n  technologies: [quantum]\n  versions:\n{FULL}')
        other = self.DELAY.replace("}", ', parts: ["9X002"]}').replace("act-b", "act-a")
        library = encode(small, FULL + BARE, other.replace("2020-12-20", "2019-12-20"))
        assert state(library, "2020-01-01").by == "act-a"
        assert on(library, "2021-03-06", code="9X002").status == "not-yet-encoded"
        assert on(library, "2021-03-07", code="9X002").status == "in-force"

    def test_that_is_over_when_the_version_starts(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + BARE, self.DELAY.replace("2021-03-06", "2020-12-31"))
        assert state(library, "2021-01-01").by == "act-b"

    def test_past_the_successor_never_stood(self, small: SmallLibrary) -> None:
        """A version delayed beyond the next one is skipped; what it wrote still carries over."""
        second = BARE + "      scope: Narrow.\n"
        third = BARE.replace("2021-01-01", "2021-02-01").replace("act-b", "act-c")
        library = encode(small, FULL + second + third, self.DELAY)
        assert [s.by for s in life(library).states] == ["act-a", "act-c"]
        assert state(library, "2021-01-31").by == "act-a"
        assert state(library, "2021-02-01").scope == "Narrow."
        assert state(library, "2021-04-01").by == "act-c"


class TestStay:
    STAY = '- {on: act-a, kind: stays, from: "2020-06-01", until: "2020-09-30", note: by a court}'

    def test_stays_visible_on_law(self, small: SmallLibrary) -> None:
        library = encode(small, FULL, self.STAY)
        assert on(library, "2020-05-31").marks == ()
        stayed = on(library, "2020-06-01")
        assert stayed.listed
        assert [m.kind for m in stayed.marks] == ["stays"]
        assert stayed.sentence == (
            "in force since 2020-01-01; stayed from 2020-06-01 until 2020-09-30 by news (by a court)"
        )
        assert on(library, "2020-09-30").listed

    def test_unknown_sequel(self, small: SmallLibrary) -> None:
        after = on(encode(small, FULL, self.STAY), "2020-10-01")
        assert after.status == "unknown"
        assert not after.listed
        assert after.sentence == "stayed until 2020-09-30 by news; what followed is unknown"

    def test_a_later_version_is_the_sequel(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + BARE, self.STAY)
        assert on(library, "2020-12-31").status == "unknown"
        assert on(library, "2021-01-01").sentence == "in force since 2021-01-01"

    def test_a_later_version_is_the_sequel_of_a_stay_in_parts(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + BARE, self.STAY.replace("note: by a court", f'parts: ["{CODE}"]'))
        assert on(library, "2020-12-31").status == "unknown"
        assert on(library, "2021-01-01").sentence == "in force since 2021-01-01"

    def test_revived_within_its_time(self, small: SmallLibrary) -> None:
        library = encode(small, FULL, self.STAY + '\n- {on: act-a, kind: revives, from: "2020-08-01"}')
        assert [m.kind for m in on(library, "2020-07-31").marks] == ["stays"]
        assert on(library, "2020-08-01").marks == ()
        assert on(library, "2020-10-01").status == "in-force"

    def test_without_end(self, small: SmallLibrary) -> None:
        library = encode(small, FULL, '- {on: act-a, kind: stays, from: "2020-06-01"}')
        assert on(library, "2026-06-01").sentence == "in force since 2020-01-01; stayed from 2020-06-01 by news"

    def test_of_another_instrument(self, small: SmallLibrary) -> None:
        assert on(encode(small, FULL, self.STAY.replace("act-a", "act-b")), "2020-07-01").marks == ()

    def test_not_enforced_is_a_mark_and_no_end(self, small: SmallLibrary) -> None:
        library = encode(small, FULL, '- {on: act-a, kind: not-enforced, from: "2020-06-01", note: still printed}')
        standing = on(library, "2024-01-01")
        assert standing.listed
        assert standing.sentence == "in force since 2020-01-01; not enforced from 2020-06-01 by news (still printed)"

    def test_not_enforced_in_parts_outlives_an_amendment(self, small: SmallLibrary) -> None:
        effect = f'- {{on: act-a, kind: not-enforced, from: "2020-06-01", parts: ["{CODE}"]}}'
        assert [m.kind for m in on(encode(small, FULL + BARE, effect), "2022-01-01").marks] == ["not-enforced"]

    def test_not_enforced_as_a_whole_does_not_reach_another_instruments_version(self, small: SmallLibrary) -> None:
        effect = '- {on: act-a, kind: not-enforced, from: "2020-06-01"}'
        library = encode(small, FULL + BARE, effect)
        assert [m.kind for m in on(library, "2020-12-31").marks] == ["not-enforced"]
        assert on(library, "2021-01-01").marks == ()


class TestEndsAndDisplaces:
    def effect(self, kind: str, parts: str = f'["{CODE}"]') -> str:
        return f'- {{on: act-a, kind: {kind}, from: "2022-05-05", parts: {parts}}}'

    @pytest.mark.parametrize(("kind", "status"), [("ends", "ended"), ("displaces", "displaced")])
    def test_only_the_parts_that_it_names(self, small: SmallLibrary, kind: str, status: str) -> None:
        library = encode(small, FULL, self.effect(kind))
        assert on(library, "2022-05-04").listed
        gone = on(library, "2022-05-05")
        assert (gone.status, gone.sentence) == (status, f"{status} from 2022-05-05 by news")

    @pytest.mark.parametrize("kind", ["ends", "displaces"])
    def test_repeal_of_an_act_does_not_empty_the_list(self, small: SmallLibrary, kind: str) -> None:
        library = encode(small, FULL, f'- {{on: act-a, kind: {kind}, from: "2022-05-05"}}')
        assert on(library, "2023-01-01").sentence == "in force since 2020-01-01"

    def test_a_part_takes_its_paragraphs_along(self, small: SmallLibrary) -> None:
        assert on(encode(small, FULL, self.effect("ends", '["9X001"]')), "2023-01-01").status == "ended"

    def test_a_part_is_no_prefix_of_a_number(self, small: SmallLibrary) -> None:
        """3A001 does not take 3A0011 along, nor 9X001.a the entry 9X001.ab."""
        small.append(US, f'- code: "9X001.ab"\n  label: Other\n  technologies: [quantum]\n  versions:\n{FULL}')
        library = encode(small, FULL, self.effect("ends"))
        assert on(library, "2023-01-01").status == "ended"
        assert on(library, "2023-01-01", code="9X001.ab").status == "in-force"

    def test_a_listing_by_a_later_instrument_is_new(self, small: SmallLibrary) -> None:
        later = BARE.replace("2021-01-01", "2023-01-01")
        library = encode(small, FULL + later, self.effect("ends"))
        assert on(library, "2022-12-31").status == "ended"
        assert on(library, "2023-01-01").status == "in-force"

    def test_replaced_on_the_same_day(self, small: SmallLibrary) -> None:
        """The rule that ends the old entry sets the new one on that day."""
        library = encode(small, FULL + BARE.replace("2021-01-01", "2022-05-05"), self.effect("ends"))
        assert on(library, "2022-05-05").status == "in-force"

    def test_an_amendment_before_the_end_ends_with_it(self, small: SmallLibrary) -> None:
        assert on(encode(small, FULL + BARE, self.effect("ends")), "2022-05-05").status == "ended"

    def test_revoked_before_it_took_effect(self, small: SmallLibrary) -> None:
        effect = self.effect("ends").replace("2022-05-05", "2019-06-01")
        assert on(encode(small, FULL, effect), "2020-06-01").status == "ended"

    def test_revived(self, small: SmallLibrary) -> None:
        revival = f'\n- {{on: act-a, kind: revives, from: "2023-02-01", parts: ["{CODE}"]}}'
        library = encode(small, FULL, self.effect("ends") + revival)
        assert on(library, "2023-01-31").status == "ended"
        assert on(library, "2023-02-01").status == "in-force"

    def test_ended_again_after_a_revival(self, small: SmallLibrary) -> None:
        more = (
            f'\n- {{on: act-a, kind: revives, from: "2023-02-01", parts: ["{CODE}"]}}'
            f'\n- {{on: act-a, kind: ends, from: "2024-02-01", parts: ["{CODE}"]}}'
        )
        library = encode(small, FULL, self.effect("ends") + more)
        assert on(library, "2024-01-31").status == "in-force"
        assert on(library, "2024-02-01").status == "ended"

    def test_by_an_instrument_of_another_regime(self, small: SmallLibrary) -> None:
        """A Union act takes a Dutch entry over: displaced, not repealed."""
        small.change(
            "regimes/eu-dual-use/instruments.yaml",
            "title: A delegated act",
            'title: A delegated act\n  effects:\n    - {on: order-2023, kind: displaces, from: "2024-11-08", '
            'parts: ["3B001.f.4"]}',
        )
        assert small.problems() == []
        library = small.load()
        assert on(library, "2024-11-07", "nl-national", "3B001.f.4").listed
        gone = on(library, "2024-11-08", "nl-national", "3B001.f.4")
        assert gone.sentence == "displaced from 2024-11-08 by act-2024"
        assert on(library, "2024-11-08", "law-in:nl", "3B001.f.4").status == "displaced"

    def test_a_proposal_ends_nothing(self, small: SmallLibrary) -> None:
        library = encode(small, FULL)
        small.change(
            INSTRUMENTS,
            "{id: plan-p,",
            f'{{id: plan-p, effects: [{{on: act-a, kind: ends, from: "2021-01-01", parts: ["{CODE}"]}}],',
        )
        library = small.load()
        assert on(library, "2022-01-01").listed


class TestProposals:
    PLAN = """
    - from: "2022-07-01"
      by: plan-p
      thresholds:
        - ["qubits >= 10"]
      pinpoint: Article 1
      evidence: [{grade: unverified}]
"""
    MORE = PLAN.replace("2022-07-01", "2022-09-01").replace("plan-p", "plan-q").replace(">= 10", ">= 5")

    def test_counts_only_for_the_side_that_names_it(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + self.PLAN)
        assert state(library, "2023-01-01").thresholds == [["qubits >= 20"], ["gain <= -3 dB"]]
        planned = state(library, "2023-01-01", "us-ear:plan-p")
        assert planned.thresholds == [["qubits >= 10"]]
        assert on(library, "2023-01-01", "us-ear:plan-p").sentence == "stated by plan-p"

    def test_what_it_leaves_out_is_what_the_law_before_said(self, small: SmallLibrary) -> None:
        planned = state(encode(small, FULL + self.PLAN), "2023-01-01", "us-ear:plan-p")
        assert planned.scope == "Wide."
        assert [e.pinpoint for e in planned.except_ or []] == ["Note 1"]

    def test_law_after_it_does_not_carry_it_over(self, small: SmallLibrary) -> None:
        later = BARE.replace("2021-01-01", "2023-01-01")
        library = encode(small, FULL + self.PLAN + later)
        assert state(library, "2023-06-01").thresholds == [["qubits >= 20"], ["gain <= -3 dB"]]

    def test_amendments_stand_on_their_base(self, small: SmallLibrary) -> None:
        library = encode(small, FULL + self.PLAN + self.MORE)
        assert state(library, "2023-01-01", "us-ear:plan-q").thresholds == [["qubits >= 5"]]
        assert state(library, "2023-01-01", "us-ear:plan-p").thresholds == [["qubits >= 10"]]
        assert resolve(library, "us-ear:plan-q", "2023-01-01").instruments() == {
            "plan-p": "base of plan-q",
            "plan-q": "named as the side",
        }

    def test_only_in_the_proposal(self, small: SmallLibrary) -> None:
        library = small.load()
        assert [x.code for x in resolve(library, "eu-dual-use", "2024-12-01").listed] == ["3B001.f", "4A906"]
        assert [x.code for x in resolve(library, "eu-dual-use:com-2016", "2024-12-01").listed] == ["4X000"]

    def test_is_asked_for_at_any_day(self, small: SmallLibrary) -> None:
        """What an instrument says does not depend on the day of comparison."""
        library = small.load()
        assert on(library, "2001-01-01", "eu-dual-use:com-2016", "4X000").listed

    def test_proposed(self, small: SmallLibrary) -> None:
        library = small.load()
        assert resolve(library, "eu-dual-use:com-2016", "2024-12-01").proposed
        assert not resolve(library, "eu-dual-use:reg-2021", "2024-12-01").proposed
        assert not resolve(library, "eu-dual-use", "2024-12-01").proposed

    def test_an_arrangement_has_no_statutes(self, small: SmallLibrary) -> None:
        library = small.load()
        assert [x.code for x in resolve(library, "wassenaar", "2024-12-01").listed] == ["3.B.1.f"]


class TestSides:
    def test_same_code_in_two_regimes(self, small: SmallLibrary) -> None:
        """The same digits under two issuers are two controls."""
        library = small.load()
        found = library.find_controls("4A906")
        assert [(c.regime, c.label) for c in found] == [("eu-dual-use", "Ovens"), ("us-ear", "Quantum computers")]
        assert library.control("us-ear", "4A906") is not library.control("eu-dual-use", "4A906")

    def test_all_law_in_a_place(self, small: SmallLibrary) -> None:
        side = resolve(small.load(), "law-in:nl", "2024-12-01")
        assert side.layers == ("eu-dual-use", "nl-national")
        assert [(x.layer, x.code) for x in side.listed] == [
            ("eu-dual-use", "3B001.f"),
            ("eu-dual-use", "4A906"),
            ("nl-national", "3B001.f.4"),
        ]
        assert side.label == "Law in Netherlands"

    def test_a_day_of_its_own(self, small: SmallLibrary) -> None:
        library = small.load()
        side = resolve(library, "nl-national@2023-08-31", "2024-12-01")
        assert (side.as_of, side.listed) == ("2023-08-31", [])
        assert len(resolve(library, "law-in:nl@2023-09-01", "2026-01-01").listed) == 2

    def test_verified_until_is_the_earliest(self, small: SmallLibrary) -> None:
        small.change("regimes/nl-national/regime.yaml", "2026-06-30", "2025-01-31")
        assert resolve(small.load(), "law-in:nl", "2024-12-01").verified_until == "2025-01-31"

    def test_instruments_say_why(self, small: SmallLibrary) -> None:
        assert resolve(small.load(), "eu-dual-use", "2024-12-01").instruments() == {
            "act-2024": "sets an entry in force on 2024-12-01",
            "reg-2021": "sets an entry in force on 2024-12-01",
        }

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("us-aer", "there is no side 'us-aer'; nearest valid name: us-ear"),
            ("us", "there is no side 'us'; nearest valid name: us-ear"),
            ("law-in:nn", "there is no jurisdiction 'nn'; known: eu, nl"),
            ("law-in", "side 'law-in' names no place; write e.g. law-in:nl"),
            ("law-in:", "side 'law-in:' names no place; write e.g. law-in:nl"),
            ("eu-dual-use:com-2061", "there is no instrument of eu-dual-use 'com-2061'; nearest valid name: com-2016"),
            ("us-ear:com-2016", "there is no instrument of us-ear 'com-2016'; known: bill-2023, rule-2020, rule-2022"),
            (
                "us-ear@2024-02-30",
                "side 'us-ear@2024-02-30': '2024-02-30' is not a day of the calendar; write YYYY-MM-DD",
            ),
            ("us-ear@", "side 'us-ear@': '' is not a date; write YYYY-MM-DD"),
        ],
    )
    def test_mistyped(self, small: SmallLibrary, text: str, sentence: str) -> None:
        with pytest.raises(WorkbenchError) as raised:
            resolve(small.load(), text, "2024-01-01")
        assert str(raised.value) == sentence

    def test_impossible_day(self, small: SmallLibrary) -> None:
        with pytest.raises(
            WorkbenchError, match=r"^as_of: '2023-02-29' is not a day of the calendar; write YYYY-MM-DD$"
        ):
            resolve(small.load(), "us-ear", "2023-02-29")

    def test_provisions_hold_from_their_day_to_their_last(self, small: SmallLibrary) -> None:
        small.change(
            "regimes/us-ear/provisions.yaml", 'from: "2020-01-15"', 'from: "2020-01-15"\n  until: "2021-12-31"'
        )
        library = small.load()

        def ids(day: str) -> list[str]:
            return [p.id for p in resolve(library, "us-ear", day).provisions()]

        assert ids("2020-01-14") == []
        assert ids("2020-01-15") == ["rule-2020-military"]
        assert ids("2021-12-31") == ["rule-2020-military"]
        assert ids("2022-01-01") == []

    def test_statements_up_to_the_day(self, small: SmallLibrary) -> None:
        library = small.load()
        assert [s.id for s in resolve(library, "us-ear", "2020-01-09").statements()] == []
        assert [s.id for s in resolve(library, "us-ear", "2020-01-10").statements()] == ["u01"]


class TestAliases:
    def test_of_a_technology(self, small: SmallLibrary) -> None:
        words = small.load().vocabulary
        assert words.technologies["semiconductors/litho"].id == "semiconductors/lithography"
        assert words.under("semiconductors/litho") == ["semiconductors/lithography"]

    def test_of_a_parent(self, small: SmallLibrary) -> None:
        file = "regimes/vocabulary/technologies.yaml"
        small.append(
            file,
            "- id: semiconductors/lithography/euv\n  label: {en: EUV}\n  definition: Short light.\n"
            "  parent: semiconductors/litho\n  sources: [test]\n  evidence: [{grade: unverified}]\n",
        )
        words = small.load().vocabulary
        assert "semiconductors/lithography/euv" in words.under("semiconductors")
        assert "semiconductors/lithography" not in words.leaves()
        assert words.above("semiconductors/lithography/euv") == ["semiconductors/lithography", "semiconductors"]

    def test_of_a_quantity(self, small: SmallLibrary) -> None:
        assert small.load().vocabulary.quantities["extreme-ultraviolet"].id == "euv"

    def test_of_a_control(self, small: SmallLibrary) -> None:
        small.change(US, "  label: Quantum computers", '  label: Quantum computers\n  aliases: ["4A906.old"]')
        library = small.load()
        assert library.control("us-ear", "4A906.old").code == "4A906"
        assert [c.regime for c in library.find_controls("4A906.old")] == ["us-ear"]

    def test_of_an_instrument(self, small: SmallLibrary) -> None:
        """A proposal named by its old id is still a proposal, and effects find an act under its old id."""
        small.change(INSTRUMENTS, "title: A bill", "title: A bill\n  aliases: [bill-old]")
        small.change(INSTRUMENTS, "title: First rule", "title: First rule\n  aliases: [rule-old]")
        small.change(US, "start: exact\n      by: rule-2020", "start: exact\n      by: rule-old")
        small.append(
            US,
            '    - {from: "2023-02-01", by: bill-old, thresholds: [], pinpoint: s. 1, evidence: [{grade: unverified}]}\n',
        )
        small.change(
            INSTRUMENTS,
            "title: Second rule",
            'title: Second rule\n  effects:\n    - {on: rule-2020, kind: stays, from: "2021-01-01", until: "2021-12-31"}',
        )
        assert small.problems() == []
        library = small.load()
        assert state(library, "2021-06-01", code="3B001.f").by == "rule-2020"
        assert [m.kind for m in on(library, "2021-06-01", code="3B001.f").marks] == ["stays"]
        assert state(library, "2024-01-01", code="4A906").by == "rule-2022"
        assert state(library, "2024-01-01", "us-ear:bill-old", code="4A906").by == "bill-2023"

    def test_effect_that_names_an_alias(self, small: SmallLibrary) -> None:
        small.change(INSTRUMENTS, "title: First rule", "title: First rule\n  aliases: [rule-old]")
        small.change(
            INSTRUMENTS,
            "title: Second rule",
            'title: Second rule\n  effects:\n    - {on: rule-old, kind: stays, from: "2021-01-01", until: "2021-12-31"}',
        )
        assert small.problems() == []
        assert [m.kind for m in on(small.load(), "2021-06-01", code="3B001.f").marks] == ["stays"]

    def test_an_unknown_name_says_which_is_nearest(self, small: SmallLibrary) -> None:
        library = small.load()
        with pytest.raises(UnknownName, match=r"^there is no control '4A960'; nearest valid name: 4A906$"):
            library.control("us-ear", "4A960")
        with pytest.raises(
            UnknownName, match=r"^there is no technology 'lithografy'; nearest valid name: semiconductors/li"
        ):
            library.vocabulary.under("lithografy")


class TestReading:
    """Which files a comparison read: the receipt names them."""

    def test_only_what_was_asked(self, small: SmallLibrary) -> None:
        library = small.load()
        with library.reading() as reads:
            side: Side = resolve(library, "nl-national", "2024-01-01")
            assert len(side.listed) == 1
        files = {name for name in library.files_read(reads) if "vocabulary" not in name}
        assert files == {NL, "regimes/nl-national/instruments.yaml", "regimes/nl-national/regime.yaml"}

    def test_the_second_question_is_noted_too(self, small: SmallLibrary) -> None:
        """Timelines are made once; whoever asks later has read the files all the same."""
        library = small.load()
        assert resolve(library, "law-in:nl", "2024-01-01").listed
        with library.reading() as reads:
            assert resolve(library, "law-in:nl", "2023-01-01").listed
        assert {EU, NL} <= set(library.files_read(reads))

    def test_an_instrument_that_acts_across_regimes_is_read(self, small: SmallLibrary) -> None:
        small.change(
            "regimes/eu-dual-use/instruments.yaml",
            "title: A delegated act",
            'title: A delegated act\n  effects:\n    - {on: order-2023, kind: displaces, from: "2024-11-08", '
            'parts: ["3B001.f.4"]}',
        )
        library = small.load()
        with library.reading() as reads:
            assert resolve(library, "nl-national", "2024-01-01").listed
        assert "regimes/eu-dual-use/instruments.yaml" in library.files_read(reads)
