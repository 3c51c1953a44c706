"""Mappings that say one thing about two entries while the numbers of the entries say another.

A relation is a human judgement about subject, words and numbers; the verdict is about numbers and flags only. So equal
numbers contradict nothing (words may still make one entry the broader), and what cannot be compared contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.compare.thresholds import Measures, Verdict, compare
from analysis.encoding.check.report import Report
from analysis.encoding.conditions import ConditionError
from analysis.encoding.forms import ControlRef
from analysis.encoding.forms import Mapping as Pair
from analysis.encoding.library import Library, UnknownName
from analysis.encoding.problems import Problem
from analysis.encoding.sides import lives
from analysis.encoding.timeline import State, Timeline, day_after, day_before
from analysis.encoding.units import UnitError

#: The verdicts on A against B that a relation of A to B cannot stand beside (``a broadMatch b``: b is the broader).
AGAINST: Mapping[str, frozenset[Verdict]] = {
    "exactMatch": frozenset({"wider", "narrower", "overlapping", "disjoint"}),
    "closeMatch": frozenset({"disjoint"}),
    "broadMatch": frozenset({"wider", "overlapping", "disjoint"}),
    "narrowMatch": frozenset({"narrower", "overlapping", "disjoint"}),
    "relatedMatch": frozenset(),
}

#: The relation of A to B that a verdict on A against B speaks for.
_FITS: Mapping[str, str] = {
    "wider": "narrowMatch",
    "narrower": "broadMatch",
    "overlapping": "relatedMatch, or closeMatch where little differs",
    "disjoint": "relatedMatch",
}

_WORDS: Mapping[str, str] = {
    "wider": "is the wider",
    "narrower": "is the narrower",
    "overlapping": "catches something that the other does not, and the other way round",
    "disjoint": "has nothing in common with the other",
}


def contradictions(library: Library) -> list[Problem]:
    """One problem for each mapping whose relation contradicts the threshold verdict, in the order of the file.

    The verdict is that of the day on which the mapping was checked (or ended, when that is earlier); where the two entries
    were not both in force then, of the last day on which they were; where they never met, of the last state of each.
    Entries, quantities or conditions that are broken are left to the check of the encodings.
    """
    report = Report(library)
    measures = Measures(library.vocabulary.quantities)
    lives = _Lives(library)
    for pair in library.mappings:
        if not AGAINST[pair.relation]:
            continue
        try:
            found = lives.states(pair)
            if found is None or _alike(*found):
                continue
            a, b = found
            name_a, name_b = f"{pair.a.regime} {pair.a.code}", f"{pair.b.regime} {pair.b.code}"
            said = compare(measures.state(a, name_a), measures.state(b, name_b), measures)
        except (ConditionError, UnitError, UnknownName):
            continue
        if said.verdict in AGAINST[pair.relation]:
            message = (
                f"{name_a} {pair.relation} {name_b} contradicts their thresholds: by the numbers the first "
                f"{_WORDS[said.verdict]} (verdict: {said.verdict}; {said.sentence.rstrip('.')})"
            )
            report.add(pair, ("relation",), message, fix=f"write {_FITS[said.verdict]}, or mend the thresholds")
    return report.problems


def _alike(a: State, b: State) -> bool:
    """Whether no verdict can contradict: a side without numbers, or the same conditions on both sides."""
    if not (a.thresholds or a.except_) or not (b.thresholds or b.except_):
        return True
    return a.thresholds == b.thresholds and not a.except_ and not b.except_


class _Lives:
    """The lives of the entries that mappings name."""

    def __init__(self, library: Library):
        self.library = library
        self._made: dict[str, dict[str, Timeline]] = {}

    def of(self, end: ControlRef) -> Timeline | None:
        """The life of one entry; None where there is no such entry, or none that was ever law."""
        regimes = self.library.regimes
        if not regimes.knows(end.regime) or not regimes[end.regime].controls.knows(end.code):
            return None
        if end.regime not in self._made:
            self._made[end.regime] = {x.control.code: x for x in lives(self.library, end.regime)}
        return self._made[end.regime].get(regimes[end.regime].controls.id_of(end.code))

    def states(self, pair: Pair) -> tuple[State, State] | None:
        """The states of both entries that the relation is about."""
        a, b = self.of(pair.a), self.of(pair.b)
        if a is None or b is None:
            return None
        first, last = pair.from_ or "", min(pair.checked, pair.until or pair.checked)
        if (met := _both(a, b, last)) is not None:
            return met
        for day in sorted({*_turns(a), *_turns(b)}, reverse=True):
            if first <= day <= last and (met := _both(a, b, day)) is not None:
                return met
        alone_a, alone_b = (_last(one, last) for one in (a, b))
        return (alone_a, alone_b) if alone_a and alone_b else None


def _both(a: Timeline, b: Timeline, day: str) -> tuple[State, State] | None:
    one, other = a.at(day), b.at(day)
    if one.listed and other.listed and one.state and other.state:
        return one.state, other.state
    return None


def _last(life: Timeline, until: str) -> State | None:
    """What an entry last said on or before a day."""
    days = sorted({until, *(day for day in _turns(life) if day <= until)}, reverse=True)
    return next((standing.state for day in days if (standing := life.at(day)).listed), None)


def _turns(life: Timeline) -> Iterator[str]:
    """Days on which something about an entry begins, and the days before: between two of them nothing changes."""
    for one in life.states:
        yield one.from_
        yield day_before(one.from_)
    for _, effect in life.effects:
        yield effect.from_
        yield day_before(effect.from_)
        if effect.until:
            yield effect.until
            yield day_after(effect.until)


__all__ = ["AGAINST", "contradictions"]
