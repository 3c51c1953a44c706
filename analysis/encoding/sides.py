"""Sides: what a comparison compares.

``us-ear`` is the law in force of a regime at a date, ``us-ear@2024-12-02`` at a date of its own,
``eu-dual-use:com-2016-616`` one instrument whether in force or not, ``law-in:nl`` all law in a place, layer by layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from weakref import WeakKeyDictionary

from analysis.encoding.forms import Control, Finding, Instrument, Provision, Statement, check_day, holds
from analysis.encoding.library import Library, RegimeData, UnknownName
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.timeline import Standing, State, Timeline, acts, timeline

_LIVES: WeakKeyDictionary[Library, dict[tuple[str, frozenset[str] | None], list[Timeline]]] = WeakKeyDictionary()


def lives(library: Library, regime: str, only: frozenset[str] | None = None) -> list[Timeline]:
    """The timelines of all controls of a regime, as law or as the instruments ``only`` have them, in its order.

    Controls that have no version in that reading are left out. A library does not change once it is loaded, so the
    timelines are made once.
    """
    data = library.regimes[regime]
    controls, instruments = data.controls, library.instruments_for(regime)
    kept = _LIVES.setdefault(library, {})
    if (regime, only) not in kept:
        acting = acts(instruments)
        made = (
            timeline(
                control,
                instruments,
                only=only,
                verified_until=data.meta.verified_until,
                counts_all_kinds=data.soft,
                acting=acting,
            )
            for control in controls.values()
        )
        kept[regime, only] = [life for life in made if life.states]
    return kept[regime, only]


@dataclass(frozen=True)
class Listing:
    """One control as one side has it on the day of comparison."""

    layer: str
    control: Control
    standing: Standing
    timeline: Timeline

    @property
    def code(self) -> str:
        return self.control.code

    @property
    def key(self) -> tuple[str, str]:
        """Layer and code: what a mapping names."""
        return self.layer, self.control.code

    @property
    def state(self) -> State:
        """What the entry says on the day, or said last; only where some version had begun by then, as for all of ``listed``."""
        assert self.standing.state is not None, f"{self.layer} {self.code} was not yet encoded"
        return self.standing.state


@dataclass(frozen=True)
class Side:
    """A side of a comparison, resolved against a library and a day."""

    library: Library
    text: str
    kind: Literal["law", "instrument", "place"]
    layers: tuple[str, ...]
    as_of: str
    label: str
    instrument: str | None = None

    @property
    def proposed(self) -> bool:
        """Whether the side is an instrument that is not law: its entries *would be* listed."""
        return self.instrument is not None and not self.library.instrument(self.instrument).binding

    @property
    def regimes(self) -> list[RegimeData]:
        return [self.library.regimes[layer] for layer in self.layers]

    @property
    def verified_until(self) -> str:
        """The earliest day until which all layers were verified."""
        return min(r.meta.verified_until for r in self.regimes)

    @cached_property
    def only(self) -> frozenset[str] | None:
        """The instrument and, for amendments to a proposal, what they amend."""
        if self.instrument is None:
            return None
        chain: list[str] = []
        name: str | None = self.instrument
        with suppress(UnknownName):  # the check says so
            while name and (instrument := self.library.instrument(name)).id not in chain:
                chain.append(instrument.id)
                name = instrument.base
        return frozenset(chain)

    @cached_property
    def listings(self) -> list[Listing]:
        """Every encoded control of the side with its standing on ``as_of``."""
        found = []
        day = "9999-12-31" if self.instrument else self.as_of
        for data in self.regimes:
            for life in lives(self.library, data.id, self.only):
                last = life.states[-1]
                standing = (
                    Standing("in-force", last, (), f"stated by {self.instrument}")
                    if self.instrument and not last.version.ends
                    else life.at(day)
                )
                found.append(Listing(data.id, life.control, standing, life))
        return found

    @property
    def listed(self) -> list[Listing]:
        """The controls in force on the day."""
        return [x for x in self.listings if x.standing.listed]

    def provisions(self) -> Iterator[Provision]:
        """The provisions that hold on the day: binding ones for law, the instrument's own otherwise."""
        for provision in self.own_provisions():
            if self.instrument or holds(provision, self.as_of):
                yield provision

    def own_provisions(self) -> Iterator[Provision]:
        """The provisions of the side at any time."""
        for data in self.regimes:
            known = self.library.instruments_for(data.id)
            for provision in data.provisions.values():
                instrument = known.get(provision.instrument)
                if instrument is None:
                    continue  # the check says so
                if instrument.id in self.only if self.only is not None else data.soft or instrument.binding:
                    yield provision

    def findings(self) -> Iterator[Finding]:
        """Findings about this side or one of its layers that hold on the day."""
        for data in self.regimes:
            for finding in data.findings.values():
                about = finding.side.split("@")[0]
                mine = about in self.layers or about == self.text.split("@")[0]
                if self.instrument:
                    mine = about == f"{data.id}:{self.instrument}"
                if mine and (self.instrument or holds(finding, self.as_of)):
                    yield finding

    def statements(self) -> Iterator[Statement]:
        """Statements in the side's documents up to the day."""
        for data in self.regimes:
            known = self.library.instruments_for(data.id)
            for statement in data.statements.values():
                if self.only is not None:
                    document = known.get(statement.document)
                    if document and document.id in self.only:
                        yield statement
                elif statement.date <= self.as_of:
                    yield statement

    def instruments(self) -> dict[str, str]:
        """The instruments that the side rests on, each with the reason why it was chosen."""
        chosen: dict[str, str] = {}
        if self.instrument:
            for name in sorted(self.only or ()):
                chosen[name] = "named as the side" if name == self.instrument else f"base of {self.instrument}"
            return chosen
        for listing in self.listed:
            state = listing.standing.state
            if state:
                chosen.setdefault(state.by, f"sets an entry in force on {self.as_of}")
        for provision in self.provisions():
            chosen.setdefault(provision.instrument, f"carries a provision in force on {self.as_of}")
        return dict(sorted(chosen.items()))


def resolve(library: Library, text: str, as_of: str) -> Side:
    """Understand a side as written; raises UnknownName or WorkbenchError with the nearest valid name."""
    try:
        check_day(as_of)
    except ValueError as error:
        raise WorkbenchError(f"as_of: {error}") from None
    body, at, own_day = text.partition("@")
    if at:
        try:
            as_of = check_day(own_day)
        except ValueError as error:
            raise WorkbenchError(f"side '{text}': {error}") from None
    head, colon, tail = body.partition(":")
    if head == "law-in":
        if not colon or not tail:
            raise WorkbenchError(f"side '{text}' names no place; write e.g. law-in:nl")
        place = library.vocabulary.jurisdictions[tail]
        layers = tuple(library.regimes[r].id for r in place.regimes)
        return Side(library, text, "place", layers, as_of, f"Law in {place.label.en}{_at(at, as_of)}")
    try:
        data = library.regimes[head]
    except UnknownName:
        names = [*library.regimes, *(f"law-in:{j}" for j in library.vocabulary.jurisdictions)]
        raise UnknownName("side", text, names) from None
    if colon:
        if not data.instruments.knows(tail):
            raise UnknownName(f"instrument of {head}", tail, data.instruments)
        instrument = data.instruments[tail]
        return Side(library, text, "instrument", (head,), as_of, short_title(instrument), instrument.id)
    return Side(library, text, "law", (head,), as_of, f"{data.meta.short}{_at(at, as_of)}")


def _at(at: str, day: str) -> str:
    return f" on {day}" if at else ""


def short_title(instrument: Instrument) -> str:
    """A label for figures and tables: the official number where there is one, else the title."""
    return instrument.identifiers.get("fr") or instrument.identifiers.get("com") or instrument.title


__all__ = ["Listing", "Side", "lives", "resolve", "short_title"]
