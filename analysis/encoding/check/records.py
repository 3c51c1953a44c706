"""Checks of everything else in a regime's folder: instruments, provisions, statements, findings."""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

from analysis.encoding.check.report import Report
from analysis.encoding.forms import PROPOSING_KINDS, Finding, Statement
from analysis.encoding.library import Library, RegimeData, Table
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.sides import Side, lives, resolve
from analysis.encoding.timeline import State, Timeline

_CODE = re.compile(r"^[0-9][A-E][0-9]{3}|^PL[0-9]{4}")


def check_instruments(report: Report, data: RegimeData) -> None:
    everywhere: dict[str, RegimeData] = {}
    for other in report.library.regimes.values():
        for name in other.instruments:
            if name in everywhere and other is data:
                first = everywhere[name].instruments[name]
                report.add(
                    other.instruments[name],
                    (),
                    f"instrument '{name}' stands in two regimes (also {first.place})",
                    fix="give one of them another name",
                )
            everywhere.setdefault(name, other)
    for other in report.library.regimes.values():
        for alias in other.instruments.aliases:
            everywhere.setdefault(alias, other)
    for instrument in data.instruments.values():
        report.evidence(instrument, (), instrument.evidence)
        if instrument.kind in PROPOSING_KINDS and (instrument.dates.effective or instrument.dates.applies):
            report.add(
                instrument,
                ("dates",),
                f"a {instrument.kind} has no effective date",
                fix="move the date to 'published', or mend the kind",
            )
        if instrument.base:
            report.known(instrument, ("base",), "instrument", instrument.base, everywhere)
        for number, effect in enumerate(instrument.effects):
            here = ("effects", number)
            report.order(instrument, here, effect.from_, effect.until)
            if not report.known(instrument, here, "instrument", effect.on, everywhere):
                continue
            if effect.on in (instrument.id, *instrument.aliases):
                if effect.kind != "ends":
                    report.add(
                        instrument,
                        here,
                        f"'{effect.kind}' on the instrument itself",
                        fix="name the other one",
                    )
                continue
            codes = {*everywhere[effect.on].controls, *report.library.unread}
            for part in effect.parts:
                if _CODE.match(part) and not any(c == part or c.startswith(part + ".") for c in codes):
                    names: list[str] = list(codes)
                    report.known(instrument, (*here, "parts"), f"control of {everywhere[effect.on].id}", part, names)


def check_provisions(report: Report, data: RegimeData) -> None:
    words = report.library.vocabulary
    for provision in data.provisions.values():
        report.evidence(provision, (), provision.evidence)
        report.known(provision, ("mechanism",), "mechanism", provision.mechanism, words.mechanisms)
        report.order(provision, ("until",), provision.from_, provision.until)
        for number, technology in enumerate(provision.technologies):
            report.known(provision, ("technologies", number), "technology", technology, words.technologies)
        if report.known(provision, ("instrument",), f"instrument of {data.id}", provision.instrument, data.instruments):
            instrument = data.instruments[provision.instrument]
            first = instrument.dates.first
            if first and provision.from_[: len(first)] < first:
                report.add(
                    provision,
                    ("from",),
                    f"provision starts on {provision.from_}, before its instrument ({first})",
                    fix="mend one of the dates",
                )


def check_statements(report: Report, statements: Table[Statement]) -> None:
    library = report.library
    words = library.vocabulary
    codebook = words.codebook.version if words.codebook else ""
    frames = words.frames
    all_codes = {c for data in library.regimes.values() for c in data.controls} | library.unread
    for s in statements.values():
        report.evidence(s, (), s.evidence)
        try:
            document = library.citable(s.document)
        except KeyError:
            names = [*library.documents, *(i for r in library.regimes.values() for i in r.instruments)]
            report.known(s, ("document",), "document", s.document, names)
        else:
            home = getattr(document, "regime", "")
            if home != s.regime:
                where = f"regimes/{home}/statements.yaml" if home else "regimes/context/statements.yaml"
                report.add(
                    s,
                    ("document",),
                    f"quotes '{s.document}', which belongs elsewhere",
                    fix=f"move it to {where}",
                )
        if report.known(s, ("actor",), "actor", s.actor.id, words.actors):
            actor = words.actors[s.actor.id]
            if actor.side != s.actor.side:
                message = f"says side '{s.actor.side}' of {actor.id}, who stands on side '{actor.side}'"
                report.add(s, ("actor",), message, fix="mend the statement or vocabulary/actors.yaml")
        for number, name in enumerate(s.about.technologies):
            report.known(s, ("about", "technologies", number), "technology", name, words.technologies)
        for number, name in enumerate(s.about.mechanisms):
            report.known(s, ("about", "mechanisms", number), "mechanism", name, words.mechanisms)
        for number, name in enumerate(s.about.controls):
            if not any(c == name or c.startswith(name + ".") for c in all_codes):
                report.known(s, ("about", "controls", number), "control", name, all_codes)
        for pass_name, coding in s.codes.items():
            here = ("codes", pass_name)
            for number, frame in enumerate(coding.frames):
                report.known(s, (*here, "frames", number), "frame", frame, frames)
            if len(set(coding.frames)) < len(coding.frames):
                report.add(s, here, "names a frame twice", fix="keep the first")
            if coding.codebook > codebook:
                message = f"was coded with codebook {coding.codebook}; the newest is {codebook}"
                report.add(s, here, message, fix="mend the version")


def check_findings(report: Report, data: RegimeData) -> None:
    words = report.library.vocabulary
    for finding in data.findings.values():
        report.evidence(finding, (), finding.evidence)
        report.order(finding, ("until",), finding.from_, finding.until)
        if (finding.technology is None) == (finding.mechanism is None):
            report.add(finding, (), "names a technology or a mechanism, one of the two", fix="keep exactly one")
            continue
        if finding.technology and not report.known(
            finding, ("technology",), "technology", finding.technology, words.technologies
        ):
            continue
        if finding.mechanism and not report.known(
            finding, ("mechanism",), "mechanism", finding.mechanism, words.mechanisms
        ):
            continue
        if finding.by:
            try:
                report.library.citable(finding.by)
            except KeyError:
                report.known(finding, ("by",), "instrument", finding.by, list(data.instruments))
        if finding.finding == "not-found" and not finding.searched:
            report.add(finding, (), "'not-found' without saying what was searched", fix="add 'searched: [...]'")
        try:
            side = resolve(report.library, finding.side, finding.from_)
        except (KeyError, WorkbenchError) as error:
            report.add(finding, ("side",), str(error))
            continue
        if finding.regime not in side.layers:
            home = f"regimes/{side.layers[0]}/findings.yaml"
            message = f"speaks about '{finding.side}' in the folder of {finding.regime}"
            report.add(finding, ("side",), message, fix=f"move it to {home}")
        if finding.finding == "not-found":
            day, contradicted = _contradiction(report.library, finding, side)
            if contradicted:
                message = f"'not-found' on {day}, but {contradicted}"
                report.add(finding, (), message, fix="mend the finding's dates or remove it")


def _contradiction(library: Library, finding: Finding, side: Side) -> tuple[str, str]:
    """The first day on which a record of the side says the opposite of the finding, and what it says."""
    last = finding.until or max(side.verified_until, finding.from_)
    found: list[tuple[str, str]] = []
    if finding.technology:
        nodes = set(library.vocabulary.under(finding.technology))
        for layer in side.layers:
            for life in _naming(library, layer, side.only, nodes):
                day = _listed(library, life, nodes, finding.from_, last, bool(side.instrument))
                if day:
                    found.append((day, f"{layer} {life.control.code} ({life.control.place}) lists it"))
    else:
        known = library.vocabulary.mechanisms
        for provision in side.own_provisions():
            if not known.knows(provision.mechanism) or provision.extent not in ("full", "partial"):
                continue
            apart = provision.from_ > last or (provision.until or last) < finding.from_
            if known[provision.mechanism] is known[finding.mechanism or ""] and (side.instrument or not apart):
                day = max(provision.from_, finding.from_)
                found.append((day, f"{provision.id} ({provision.place}) provides it"))
    return min(found, default=("", ""))


_NAMING: WeakKeyDictionary[Library, dict[tuple[str, frozenset[str] | None], dict[str, list[Timeline]]]]
_NAMING = WeakKeyDictionary()


def _naming(library: Library, layer: str, only: frozenset[str] | None, nodes: set[str]) -> list[Timeline]:
    """The lives of a layer that name one of the technologies at any time, in the order of the files."""
    kept = _NAMING.setdefault(library, {})
    every = lives(library, layer, only)
    if (layer, only) not in kept:
        index = kept[layer, only] = {}
        for life in every:
            for node in library.vocabulary.nodes(t for state in life.states for t in state.technologies):
                index.setdefault(node, []).append(life)
    found = {id(life) for node in nodes for life in kept[layer, only].get(node, ())}
    return [life for life in every if id(life) in found] if found else []


def _listed(library: Library, life: Timeline, nodes: set[str], first: str, last: str, stated: bool) -> str:
    """The first day from ``first`` to ``last`` on which a control lists one of the technologies; "" when it never does."""

    def names(state: State) -> bool:
        return not nodes.isdisjoint(library.vocabulary.nodes(state.technologies))

    if stated:  # what an instrument says does not depend on days
        return first if names(life.states[-1]) and not life.states[-1].version.ends else ""
    for day in (first, *(t for t in life.turns if first < t <= last)):
        standing = life.at(day)
        if standing.listed and standing.state and names(standing.state):
            return day
    return ""
