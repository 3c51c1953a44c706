"""What is covered by whom: technologies by side, mechanisms by side, and since when.

The states of a technology, strongest first:

========== ==========================================================================================
listed     some item of this technology is listed (never: "the technology is controlled")
catch-all  a catch-all provision names it
delegated  the side leaves it to another authority (member states)
contested  whether it is covered is in dispute
considered a control was considered; none followed
not-found  searched in the full text and not found
not-encoded honest ignorance; never the same as "no"
========== ==========================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.encoding.forms import GRADES, Evidence, Finding, grade_of, weakest
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, Side, resolve
from analysis.encoding.timeline import State

STATES = ("listed", "catch-all", "delegated", "contested", "considered", "not-found", "not-encoded")
#: States that say something; the last is ignorance.
NEGATIVE = frozenset({"considered", "not-found"})
EXTENTS = ("full", "partial", "delegated", "contested", "none", "considered", "not-found", "not-encoded")


@dataclass(frozen=True)
class Reason:
    """One record that puts a cell into a state."""

    state: str
    layer: str
    record: str
    entry: str
    pinpoint: str
    instrument: str
    since: str
    grade: str
    note: str = ""
    censored: bool = False
    whole: bool = False


def sides_of(library: Library, sides: Iterable[str | Side], as_of: str) -> list[Side]:
    """Resolve sides given as text."""
    return [s if isinstance(s, Side) else resolve(library, s, as_of) for s in sides]


def coverage(
    library: Library,
    sides: Sequence[str | Side],
    as_of: str,
    technologies: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row per technology and side.

    ``technologies`` limits to nodes and everything below them. Columns: technology, label, parent, depth, leaf, side,
    side_label, state (see module), word (state as shown: "would be listed" for proposals), layer, layers, entries
    (number of records in that state), more (number of records in weaker states), codes (entries in the strongest state),
    records (list of Reason, strongest first), since (earliest known start in that state), censored (the start of some entry
    is not known, so that date only means "on or before"), grade (best evidence in the strongest state).

    A parent has the state of the strongest record of itself or anything below it, but is never negative while a node
    below it is not encoded; nor is a side of several layers while one of them says nothing.
    """
    words = library.vocabulary
    nodes = list(dict.fromkeys(n for t in technologies for n in words.under(t))) if technologies else words.tree()
    leaves = set(words.leaves())
    rows = []
    for side in sides_of(library, sides, as_of):
        own = _own_reasons(library, side)
        for node in nodes:
            below = words.under(node)
            reasons = [r for n in below for r in own.get(n, ())]
            reasons.sort(key=lambda r: (STATES.index(r.state), r.since, r.record))
            kept: dict[tuple[str, str, str], Reason] = {}
            for one in reasons:
                kept.setdefault((one.state, one.layer, one.record), one)
            unique = list(kept.values())
            state = unique[0].state if unique else "not-encoded"
            if state in NEGATIVE and not all(_answered(own.get(n, ()), side) for n in below if n in leaves):
                state = "not-encoded"
            strongest = [r for r in unique if r.state == state]
            technology = words.technologies[node]
            rows.append(
                {
                    "technology": node,
                    "label": technology.label.en,
                    "parent": technology.parent,
                    "depth": len(words.above(node)),
                    "leaf": node in leaves,
                    "side": side.text,
                    "side_label": side.label,
                    "state": state,
                    "word": "would be listed" if state == "listed" and side.proposed else state.replace("-", " "),
                    "layer": strongest[0].layer if strongest else "",
                    "layers": sorted({r.layer for r in strongest}),
                    "entries": len(strongest),
                    "more": len(unique) - len(strongest),
                    "codes": [r.entry for r in strongest],
                    "records": unique,
                    "since": min((r.since for r in strongest if r.since), default=""),
                    "censored": any(r.censored for r in strongest),
                    "grade": min((r.grade for r in strongest), key=GRADES.index, default=""),
                }
            )
    return pd.DataFrame(rows)


def _answered(reasons: Sequence[Reason], side: Side) -> bool:
    """Whether the records of a leaf speak for every layer of the side, or for the side as a whole."""
    return any(r.whole for r in reasons) or set(side.layers) <= {r.layer for r in reasons}


def _whole(finding: Finding, side: Side) -> bool:
    """Whether a finding speaks about the side itself, not only about one of its layers."""
    return finding.side.split("@")[0] == side.text.split("@")[0]


def _own_reasons(library: Library, side: Side) -> dict[str, list[Reason]]:
    """Reasons by the technology that the record itself names."""
    words = library.vocabulary
    found: dict[str, list[Reason]] = {}

    def put(technology: str, reason: Reason) -> None:
        found.setdefault(words.technologies.id_of(technology), []).append(reason)

    for listing in side.listed:
        state = listing.state
        for technology in state.technologies:
            # An entry that took the technology in later covers it since then only.
            first = _first_with(listing.timeline.states, technology, side.as_of)
            reason = Reason(
                "listed",
                listing.layer,
                f"{listing.layer} {listing.code}",
                listing.code,
                state.pinpoint,
                state.by,
                first.from_,
                grade_of(state.evidence, "text"),
                listing.standing.remarks,
                first.start != "exact",
            )
            put(technology, reason)
    for provision in side.provisions():
        if provision.extent == "none":
            continue
        kind = provision.extent if provision.extent in ("delegated", "contested") else "catch-all"
        if kind == "catch-all" and not provision.mechanism.startswith("catch-all"):
            continue
        reason = Reason(
            kind,
            provision.regime,
            provision.id,
            provision.pinpoint,
            provision.pinpoint,
            provision.instrument,
            provision.from_,
            weakest(provision.evidence),
        )
        for technology in provision.technologies:
            for node in words.under(technology):
                put(node, reason)
    for finding in side.findings():
        if finding.technology:
            reason = Reason(
                finding.finding,
                finding.regime,
                finding.id,
                "",
                finding.by or "",
                finding.by or "",
                finding.from_,
                weakest(finding.evidence),
                finding.note,
                whole=_whole(finding, side),
            )
            put(finding.technology, reason)
    return found


def _first_with(states: Sequence[State], technology: str, as_of: str) -> State:
    """The first state of an entry that names the technology without a break up to the day."""
    until = [s for s in states if s.from_ <= as_of] or list(states)
    first = until[-1]
    for state in reversed(until):
        if technology not in state.technologies or state.version.ends:
            break
        first = state
    return first


def general_catch_alls(library: Library, sides: Sequence[str | Side], as_of: str) -> pd.DataFrame:
    """Catch-alls that could reach any technology: a footnote to every cell.

    Columns: side, side_label, layer, mechanism, label, instrument, pinpoint, summary, grade.
    """
    rows = []
    for side in sides_of(library, sides, as_of):
        for p in side.provisions():
            if p.mechanism.startswith("catch-all") and not p.technologies and p.extent in ("full", "partial"):
                rows.append(
                    {
                        "side": side.text,
                        "side_label": side.label,
                        "layer": p.regime,
                        "mechanism": p.mechanism,
                        "label": library.vocabulary.mechanisms[p.mechanism].label.en,
                        "instrument": p.instrument,
                        "pinpoint": p.pinpoint,
                        "summary": p.summary,
                        "grade": weakest(p.evidence),
                    }
                )
    columns = ("side side_label layer mechanism label instrument pinpoint summary grade").split()
    return pd.DataFrame(rows, columns=columns)


def mechanisms(library: Library, sides: Sequence[str | Side], as_of: str) -> pd.DataFrame:
    """One row per mechanism and side.

    Columns: mechanism, label, side, side_label, extent (strongest of full, partial, delegated, contested, none, considered,
    not-found, not-encoded; findings speak for a side of several layers only when they speak for all of them), layer,
    layers, provisions (list of Provision in order of strength), findings, entries, more, grade.
    """
    rows = []
    for side in sides_of(library, sides, as_of):
        provisions = list(side.provisions())
        findings = list(side.findings())
        for name, mechanism in library.vocabulary.mechanisms.items():
            names = {name, *mechanism.aliases}
            mine = [p for p in provisions if p.mechanism in names]
            mine.sort(key=lambda p: (EXTENTS.index(p.extent), p.regime, p.pinpoint))
            negative = sorted((f for f in findings if f.mechanism in names), key=lambda f: EXTENTS.index(f.finding))
            spoken = {f.regime for f in negative} >= set(side.layers) or any(_whole(f, side) for f in negative)
            evidence: list[Evidence]
            extent: str
            if mine:
                extent, evidence = mine[0].extent, mine[0].evidence
                strongest = [p for p in mine if p.extent == extent]
                layers = sorted({p.regime for p in strongest})
            elif negative and spoken:
                extent, evidence, strongest = negative[0].finding, negative[0].evidence, []
                layers = [negative[0].regime]
            else:
                extent, evidence, strongest, layers = "not-encoded", [], [], []
            rows.append(
                {
                    "mechanism": name,
                    "label": mechanism.label.en,
                    "side": side.text,
                    "side_label": side.label,
                    "extent": extent,
                    "layer": layers[0] if layers else "",
                    "layers": layers,
                    "provisions": mine,
                    "findings": negative,
                    "entries": len(strongest) or len(negative),
                    "more": len(mine) - len(strongest),
                    "grade": weakest(evidence) if evidence else "",
                }
            )
    return pd.DataFrame(rows)


def first_listed(
    library: Library,
    sides: Sequence[str | Side],
    as_of: str,
    technologies: Sequence[str] | None = None,
) -> pd.DataFrame:
    """When each side first listed something of each technology, as far as encoded.

    The earliest known date is only an upper bound when any entry of the technology has an unknown start: such an entry may
    have been there first. Columns: technology, label, side, side_label, date, censored (True: listed on or before that
    date), code, layer, instrument, pinpoint, grade. Technologies that a side never listed have no row.
    """
    words = library.vocabulary
    nodes = list(dict.fromkeys(n for t in technologies for n in words.under(t))) if technologies else words.tree()
    rows = []
    for side in sides_of(library, sides, as_of):
        first: dict[str, tuple[str, Listing, State]] = {}
        open_start: set[str] = set()
        for listing in side.listings:
            life = listing.timeline
            states = [s for s in life.states if s.from_ <= side.as_of and life.at(s.from_).listed]
            named: set[str] = set()
            for state in states:
                for technology in state.technologies:
                    key = words.technologies.id_of(technology)
                    if state.start != "exact" and key not in named:
                        open_start.add(key)
                    named.add(key)
                    if key not in first or state.from_ < first[key][0]:
                        first[key] = (state.from_, listing, state)
        for node in nodes:
            candidates = [first[n] for n in words.under(node) if n in first]
            if not candidates:
                continue
            date, listing, state = min(candidates, key=lambda c: (c[0], c[1].code))
            censored = any(n in open_start for n in words.under(node))
            rows.append(
                {
                    "technology": node,
                    "label": words.technologies[node].label.en,
                    "side": side.text,
                    "side_label": side.label,
                    "date": date,
                    "censored": censored,
                    "code": listing.code,
                    "layer": listing.layer,
                    "instrument": state.by,
                    "pinpoint": state.pinpoint,
                    "grade": grade_of(state.evidence, "dates"),
                }
            )
    columns = ("technology label side side_label date censored code layer instrument pinpoint grade").split()
    return pd.DataFrame(rows, columns=columns)


def blanks(table: pd.DataFrame) -> pd.DataFrame:
    """Honesty of a coverage table: per side the leaves, how many are not encoded, and the share.

    Columns: side, side_label, leaves, listed, negative (considered or not found), blank, share_blank (0 to 1).
    """
    rows = []
    for (side, label), part in table[table["leaf"]].groupby(["side", "side_label"], sort=False):
        total = len(part)
        empty = int((part["state"] == "not-encoded").sum())
        rows.append(
            {
                "side": side,
                "side_label": label,
                "leaves": total,
                "listed": int((part["state"] == "listed").sum()),
                "negative": int(part["state"].isin(NEGATIVE).sum()),
                "blank": empty,
                "share_blank": empty / total if total else 0.0,
            }
        )
    return pd.DataFrame(rows)
