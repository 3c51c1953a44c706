"""Every number of every threshold graded official stands in the official paragraph, its parents or its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from analysis.encoding.conditions import Condition, parse_condition
from analysis.encoding.forms import grade_of
from analysis.encoding.library import Library
from analysis.encoding.sides import lives
from analysis.encoding.timeline import State

from .conftest import Texts
from .editions import LISTS, LISTS_IN_ENGLISH, AtHand
from .excused import Excused, none_of
from .numbers import matches
from .official import Edition
from .operators import contradicts

pytestmark = pytest.mark.sources
at_each_edition = pytest.mark.parametrize("at_hand", LISTS, ids=lambda e: f"{e.regime} {e.day}")


def states(library: Library, at_hand: AtHand) -> Iterator[State]:
    """The states that stood on the day of the edition and were graded official against it for their thresholds."""
    for life in lives(library, at_hand.regime):
        for state in life.states:
            stood = state.from_ <= at_hand.day and (state.until is None or at_hand.day <= state.until)
            if stood and not state.version.ends and at_hand.named_in(state.evidence, "thresholds"):
                yield state


def conditions(state: State) -> Iterator[Condition]:
    """Every condition with a number, of the boxes and of the exceptions."""
    texts = [t for box in state.thresholds or () for t in box]
    texts += [t for e in state.except_ or () for t in e.conditions]
    for text in dict.fromkeys(texts):
        condition = parse_condition(text)
        if not condition.is_flag:
            yield condition


def passages(edition: Edition, state: State, condition: Condition, excused: Excused) -> tuple[str, list[str]]:
    """Where the number must stand: the paragraph itself, or the one that an exception names in its stead."""
    row = excused.find(
        "numbers", edition=edition.date, regime=state.control.regime, code=state.control.code, condition=str(condition)
    )
    if row is None:
        return state.control.code, edition.passage(state.control.code)
    if "stands-in" not in row:
        return "", []
    return row["stands-in"], edition.passage(row["stands-in"])


def wrong(library: Library, edition: Edition, at_hand: AtHand, excused: Excused) -> list[str]:
    """Sentences about numbers that stand nowhere."""
    found = []
    for state in states(library, at_hand):
        own = edition.passage(state.control.code)
        for condition in conditions(state):
            quantity = library.vocabulary.quantities[condition.quantity]
            unit, unitless = quantity.unit or "1", quantity.id in UNITLESS
            if matches(condition, unit, own, edition.decimal, unitless):
                continue
            where, texts = passages(edition, state, condition, excused)
            if where and not matches(condition, unit, texts, edition.decimal, unitless):
                found.append(
                    f"{state.control.place}: {at_hand.regime} {state.control.code} from {state.from_}: '{condition}' "
                    f"does not stand at {where} of {edition.name}"
                )
    return found


#: Quantities that the law states without their unit ("a performance density of 5.92 or more").
UNITLESS = frozenset({"performance-density"})


@at_each_edition
def test_numbers_stand_in_the_text(library: Library, texts: Texts, excused: Excused, at_hand: AtHand) -> None:
    none_of(wrong(library, getattr(texts, at_hand.texts), at_hand, excused))


@pytest.mark.parametrize("at_hand", LISTS_IN_ENGLISH, ids=lambda e: f"{e.regime} {e.day}")
def test_operators_agree_with_the_words_beside_the_number(
    library: Library, texts: Texts, excused: Excused, at_hand: AtHand
) -> None:
    """'Less than' against 'equal to or less than': where the text has such words, they must fit."""
    edition: Edition = getattr(texts, at_hand.texts)
    found = []
    for state in states(library, at_hand):
        items = edition.provisions(state.control.code)
        for box in state.thresholds or ():
            for text in box:
                condition = parse_condition(text)
                if condition.is_flag:
                    continue
                quantity = library.vocabulary.quantities[condition.quantity]
                said = contradicts(condition, quantity.unit or "1", items, edition.decimal, quantity.id in UNITLESS)
                if said and not excused.find("operators", code=state.control.code, condition=str(condition)):
                    found.append(
                        f"{state.control.place}: {state.control.code}: '{condition}', but the text has: {said}"
                    )
    none_of(found)


def test_there_is_enough_to_compare(library: Library) -> None:
    """Nothing here passes because nothing was compared: hardly any official state fell between the editions."""
    compared = {id(state.version) for at_hand in LISTS for state in states(library, at_hand)}
    left_out = [
        f"{state.control.place}: {regime} {state.control.code} from {state.from_}"
        for regime in {at_hand.regime for at_hand in LISTS}
        for life in lives(library, regime)
        for state in life.states
        if grade_of(state.evidence, "thresholds") == "official" and id(state.version) not in compared
        if not state.version.ends and any(conditions(state))
    ]
    assert len(compared) > 1000 and len(left_out) <= 0.01 * len(compared), "\n".join(left_out)


def test_no_exception_is_idle(library: Library, texts: Texts, excused: Excused) -> None:
    for at_hand in LISTS:
        wrong(library, getattr(texts, at_hand.texts), at_hand, excused)
    none_of(excused.unused("numbers"))


@at_each_edition
def test_a_wrong_number_is_noticed(library: Library, texts: Texts, at_hand: AtHand) -> None:
    """The rule is no sieve: of numbers made wrong on purpose it lets hardly any pass."""
    edition: Edition = getattr(texts, at_hand.texts)
    tried = passed = 0
    for state in states(library, at_hand):
        own = edition.passage(state.control.code)
        for condition in conditions(state):
            assert isinstance(condition.value, Decimal)
            quantity = library.vocabulary.quantities[condition.quantity]
            for factor in ("10", "0.1", "1.1", "2", "1.37"):
                other = replace(condition, value=condition.value * Decimal(factor))
                tried += 1
                passed += matches(other, quantity.unit or "1", own, edition.decimal, quantity.id in UNITLESS)
    assert tried and passed / tried < 0.03, f"{passed} of {tried} wrong numbers passed"
