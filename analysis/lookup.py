"""Looking things up at the prompt: the life of a control, lists of records, each with its place and sources."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from analysis.compare.thresholds import Measures
from analysis.compare.wording import authorisation_text, licence_text, threshold_text
from analysis.encoding.forms import Control, Evidence, holds
from analysis.encoding.library import Library, UnknownName
from analysis.encoding.timeline import State, Timeline, timeline
from analysis.present.citations import short_name
from analysis.present.words import day

_WIDTH = 100


def life(library: Library, control: Control) -> Timeline:
    """The states of a control as law in force, or of all versions where none is law."""
    data = library.regimes[control.regime]
    instruments, verified = library.instruments_for(control.regime), data.meta.verified_until
    made = timeline(control, instruments, verified_until=verified, counts_all_kinds=data.soft)
    if made.states:
        return made
    return timeline(control, instruments, only=frozenset(v.by for v in control.versions), verified_until=verified)


def control_text(library: Library, code: str, regime: str | None = None, as_of: str | None = None) -> str:
    """The life of the control(s) of a code as text, newest state last; raises UnknownName with the nearest code."""
    if regime:
        controls = [library.regimes[regime].controls[code]]
    else:
        controls = library.find_controls(code)
    if not controls:
        raise UnknownName("control", code, [c for d in library.regimes.values() for c in d.controls])
    return "\n\n".join(_control(library, c, as_of) for c in controls)


def _control(library: Library, control: Control, as_of: str | None) -> str:
    made = life(library, control)
    lines = [
        f"{control.regime} {control.code}  {control.label}",
        f"  {', '.join(control.technologies)}",
        f"  {control.place}",
    ]
    if as_of:
        standing = made.at(as_of)
        lines.append(f"  on {day(as_of)}: {standing.sentence}")
    measures = Measures(library.vocabulary.quantities)
    for state in made.states:
        if as_of and not holds(state, as_of):
            continue
        lines += ["", *_state(library, state, measures)]
    if control.refers:
        lines += ["", f"  see also {', '.join(control.refers)}"]
    for m in library.mappings:
        if (control.regime, control.code) in (m.a.key, m.b.key):
            lines.append(f"  {m.a.regime} {m.a.code} {m.relation} {m.b.regime} {m.b.code}: {m.reason}")
    return "\n".join(lines)


def _state(library: Library, state: State, measures: Measures) -> list[str]:
    start = "" if state.start == "exact" else "on or before "
    end = f" to {day(state.until)}" if state.until else ""
    instrument = library.instrument(state.by)
    lines = [f"  {start}{day(state.from_)}{end}, by {short_name(instrument)}: {instrument.title}"]
    if state.version.ends:
        return [*lines, "    ends the entry", *_evidence(state.evidence)]
    lines += _wrapped("scope", state.scope or "not encoded")
    lines += _wrapped("threshold", threshold_text(state, measures))
    if state.reasons:
        lines += _wrapped("reasons", ", ".join(state.reasons))
    for row in state.licence or []:
        lines += _wrapped("licence", licence_text(row))
    for one in state.authorisations or []:
        lines += _wrapped("exception", authorisation_text(one))
    if state.origin:
        lines += _wrapped("origin", state.origin.replace("-", " "))
    lines += _wrapped("pinpoint", state.pinpoint)
    if state.version.note:
        lines += _wrapped("note", state.version.note)
    return [*lines, *_evidence(state.evidence)]


def _evidence(pieces: Iterable[Evidence]) -> list[str]:
    lines = []
    for e in pieces:
        what = ", ".join(e.covers) or "all"
        seen = f"; checked {day(e.checked)}" if e.checked else ""
        against = f" against {e.against}" if e.against else ""
        lines += _wrapped("evidence", f"{e.grade} ({what}){seen}{against}")
    return lines


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"    {label:<10} ", subsequent_indent=" " * 15)


def rows(
    library: Library, kind: str, regime: str | None = None, technology: str | None = None
) -> list[tuple[str, ...]]:
    """Lists for ``regimes list``: one tuple per record, place last.

    ``kind`` is controls, instruments, statements or technologies.
    """
    regimes = [library.regimes[regime]] if regime else list(library.regimes.values())
    nodes = set(library.vocabulary.under(technology)) if technology else None
    made: list[tuple[str, ...]] = []
    if kind == "controls":
        for data in regimes:
            for c in data.controls.values():
                if nodes is None or nodes & set(c.technologies):
                    made.append((data.id, c.code, c.label, c.place))
    elif kind == "instruments":
        for data in regimes:
            for i in sorted(data.instruments.values(), key=lambda i: i.dates.first):
                made.append((i.dates.first, i.id, i.title, i.place))
    elif kind == "statements":
        for s in sorted(library.statements, key=lambda s: s.date):
            if (not regime or s.regime == regime) and (nodes is None or nodes & set(s.about.technologies)):
                made.append((s.date, s.id, s.actor.id, ",".join(s.coding().frames), s.paraphrase, s.place))
    elif kind == "technologies":
        for t in library.vocabulary.technologies.values():
            if nodes is None or t.id in nodes:
                made.append((t.id, t.label.en, t.label.nl or "", t.place))
    return made
