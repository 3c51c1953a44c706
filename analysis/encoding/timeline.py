"""The life of a control: carry-over between versions, effects of instruments, and its state on a day.

A version leaves things out to say that they did not change; ``States`` writes them in again. What happened to the
instruments (delay, stay, non-enforcement, end, displacement) is laid over the versions, and only over the parts that
the effect names: the repeal of an act does not empty the list that another act carries on.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from analysis.encoding.forms import (
    PROPOSING_KINDS,
    Authorisation,
    Box,
    Control,
    Effect,
    Evidence,
    Exception_,
    Instrument,
    LicenceRow,
    Version,
    boxes,
)

CARRIED = ("scope", "thresholds", "except_", "technologies")
Status = Literal["in-force", "ended", "displaced", "not-yet-encoded", "unknown"]


@dataclass(frozen=True)
class State:
    """What a control says from ``from_`` to ``until`` (last day; None: open), with carry-over done."""

    control: Control
    version: Version
    by: str
    from_: str
    until: str | None
    scope: str | None
    thresholds: list[list[str]] | None
    except_: list[Exception_] | None
    technologies: list[str]

    @property
    def start(self) -> str:
        return self.version.start

    @property
    def reasons(self) -> list[str] | None:
        return self.version.reasons

    @property
    def origin(self) -> str | None:
        return self.version.origin

    @property
    def licence(self) -> list[LicenceRow] | None:
        return self.version.licence

    @property
    def authorisations(self) -> list[Authorisation] | None:
        return self.version.authorisations

    @property
    def evidence(self) -> list[Evidence]:
        return self.version.evidence

    @property
    def pinpoint(self) -> str:
        return self.version.pinpoint or self.control.code

    @property
    def boxes(self) -> tuple[Box, ...] | None:
        """Parsed thresholds; () means everything in the described scope, None that they are not encoded."""
        return None if self.thresholds is None else boxes(self.thresholds)

    @property
    def carved_out(self) -> tuple[Box, ...]:
        """Parsed boxes that notes take out again."""
        return boxes([e.conditions for e in self.except_ or []])


@dataclass(frozen=True)
class Mark:
    """Something that happened to law that still stands printed: stayed, not enforced, sequel unknown."""

    kind: str
    by: str
    from_: str
    until: str | None
    note: str


@dataclass(frozen=True)
class Standing:
    """The answer to "what about this control on that day?"; ``sentence`` says it in words."""

    status: Status
    state: State | None
    marks: tuple[Mark, ...]
    sentence: str

    @property
    def listed(self) -> bool:
        return self.status == "in-force"

    @property
    def remarks(self) -> str:
        """What happened to the text that stands printed, in words; that the day lies beyond the last check is not among it."""
        return "; ".join(m.note for m in self.marks if m.kind != "beyond")


@dataclass(frozen=True)
class Timeline:
    """All states of one control in one reading (law in force, or one instrument), oldest first."""

    control: Control
    states: tuple[State, ...]
    effects: tuple[tuple[str, Effect], ...] = field(default=())
    verified_until: str = "9999-12-31"

    @property
    def turns(self) -> list[str]:
        """The days on which a state or an effect begins or an effect has ended, in order: in between nothing changes."""
        days = {s.from_ for s in self.states}
        for _, effect in self.effects:
            days |= {effect.from_, *([day_after(effect.until)] if effect.until else [])}
        return sorted(days)

    def at(self, day: str) -> Standing:
        """The state of the control on ``day``; the day of effect counts."""
        state = next((s for s in reversed(self.states) if s.from_ <= day), None)
        if state is None:
            first = f" (first encoded version: {self.states[0].from_})" if self.states else ""
            return Standing("not-yet-encoded", None, (), f"not yet encoded for {day}{first}")
        marks = list(self._marks(state, day))
        if day > self.verified_until:
            marks.append(Mark("beyond", "", self.verified_until, None, f"last verified on {self.verified_until}"))
        if state.version.ends:
            return Standing("ended", state, tuple(marks), f"ended on {state.from_} by {state.by}")
        for by, effect in self.effects:
            if (
                effect.kind in ("ends", "displaces")
                and effect.parts
                and self._touches(effect, day)
                and effect.holds(day)
            ):
                # A version that another instrument begins on that day or later is a new listing.
                if state.by != effect.on and state.from_ >= effect.from_:
                    continue
                if self._revived(effect, day):
                    continue
                word = "displaced" if effect.kind == "displaces" else "ended"
                sentence = f"{word} from {effect.from_} by {by}"
                return Standing("displaced" if word == "displaced" else "ended", state, tuple(marks), sentence)
        unknown = next((m for m in marks if m.kind == "unknown"), None)
        if unknown:
            return Standing("unknown", state, tuple(marks), unknown.note)
        words = [f"in force since {state.from_}" if state.start == "exact" else f"in force on or before {state.from_}"]
        words += [m.note for m in marks]
        return Standing("in-force", state, tuple(marks), "; ".join(words))

    def _touches(self, effect: Effect, day: str) -> bool:
        """Whether an effect is about this control as it stands on ``day``."""
        code = self.control.code
        if effect.parts:
            named = any(code == part or code.startswith(part + ".") for part in effect.parts)
            return named and effect.on in {s.by for s in self.states if s.from_ <= day}
        state = next((s for s in reversed(self.states) if s.from_ <= day), None)
        return state is not None and state.by == effect.on

    def _revived(self, effect: Effect, day: str) -> bool:
        return any(
            other.kind == "revives" and other.on == effect.on and effect.from_ <= other.from_ <= day
            for _, other in self.effects
            if not other.parts or self._touches(other, day)
        )

    def _marks(self, state: State, day: str) -> Iterable[Mark]:
        for by, effect in self.effects:
            if effect.kind not in ("stays", "not-enforced") or effect.from_ > day or not self._touches(effect, day):
                continue
            if self._revived(effect, day):
                continue
            word = "stayed" if effect.kind == "stays" else "not enforced"
            if effect.holds(day):
                end = f" until {effect.until}" if effect.until else ""
                note = f"{word} from {effect.from_}{end} by {by}" + (f" ({effect.note})" if effect.note else "")
                yield Mark(effect.kind, by, effect.from_, effect.until, note)
            elif effect.until and state.from_ <= effect.until:
                note = f"{word} until {effect.until} by {by}; what followed is unknown"
                yield Mark("unknown", by, effect.from_, effect.until, note)


def day_before(day: str) -> str:
    """The day before (YYYY-MM-DD)."""
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    """The day after (YYYY-MM-DD)."""
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()


#: Effects by the instrument that they act on, each with the instrument that has them.
Acts = Mapping[str, Sequence[tuple[Instrument, Effect]]]


def acts(instruments: Mapping[str, Instrument]) -> Acts:
    """What instruments do to each other, by the id of the one that it is done to."""
    found: dict[str, list[tuple[Instrument, Effect]]] = {}
    for instrument in {i.id: i for i in instruments.values()}.values():
        for effect in instrument.effects:
            on = instruments.get(effect.on)
            if on and on.id != effect.on:
                effect = effect.model_copy(update={"on": on.id})
            found.setdefault(effect.on, []).append((instrument, effect))
    return found


def timeline(
    control: Control,
    instruments: Mapping[str, Instrument],
    *,
    only: frozenset[str] | None = None,
    verified_until: str = "9999-12-31",
    counts_all_kinds: bool = False,
    acting: Acts | None = None,
) -> Timeline:
    """The states of ``control``.

    ``instruments`` has every instrument that sets its versions or acts on them, by id (and alias); ``acting`` is
    ``acts(instruments)`` for a caller that asks about many controls.

    Without ``only``: as law in force, from versions by binding instruments (``counts_all_kinds`` also takes the others:
    an arrangement or a recommendation has no statutes). With ``only``: from versions by those instruments, whatever
    their kind: what a proposal would list.
    """

    def name(text: str) -> str:
        found = instruments.get(text)
        return found.id if found else text

    def binds(version: Version) -> bool:
        instrument = instruments.get(version.by)
        return counts_all_kinds or instrument is None or instrument.binding

    def counts(version: Version) -> bool:
        return name(version.by) in only if only is not None else binds(version)

    if acting is None:
        acting = acts(instruments)
    bys = {name(v.by) for v in control.versions}
    effects = tuple(
        (i.id, e)
        for on in sorted(bys)
        for i, e in acting.get(on, ())
        if i.kind not in PROPOSING_KINDS or i.id in (only or ())
    )
    carried: dict[str, object] = {
        "scope": None,
        "thresholds": None,
        "except_": None,
        "technologies": control.technologies,
    }
    said: list[tuple[Version, str, dict[str, object]]] = []
    for version in control.versions:
        # What an instrument of its own side leaves out is what the law before it said.
        if not counts(version) and not (only is not None and binds(version)):
            continue
        for field_ in CARRIED:
            if version.states(field_):
                value = getattr(version, field_)
                carried[field_] = value if value is not None or field_ != "technologies" else []
        if counts(version):
            start = _delayed(version, name(version.by), control.code, effects)
            said.append((version, start, dict(carried)))
    states: list[State] = []
    for position, (version, start, fields) in enumerate(said):
        until = min((day_before(later) for _, later, _ in said[position + 1 :]), default=None)
        if until is None or until >= start:  # one that is delayed past its successor never stood
            states.append(State(control, version, name(version.by), start, until, **fields))  # type: ignore[arg-type]
    return Timeline(control, tuple(states), effects, verified_until)


def _delayed(version: Version, by: str, code: str, effects: Iterable[tuple[str, Effect]]) -> str:
    start = version.from_
    for _, effect in effects:
        named = not effect.parts or any(code == p or code.startswith(p + ".") for p in effect.parts)
        if effect.kind == "delays" and effect.on == by and effect.until and named and start <= effect.until:
            start = day_after(effect.until)
    return start
