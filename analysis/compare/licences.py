"""Whether a product that a side lists needs a licence for a destination: what the encoded licence rows say.

The rows of the catching entries are read against the dated memberships of the destinations they name. A day outside the
known dates of a membership leaves it unknown. The answers, the first that holds for all catching entries together:

``required``
    a row applies, and no authorisation is known to reach the destination.
``cannot-say``
    whether a row applies, or whether the product is listed at all, is not known.
``authorisation-possible``
    rows apply, and for each entry at least one licence exception or general authorisation reaches the destination, on its
    own conditions. One that the entry opens only in part (goods after repair, exhibitions) is named but does not suffice.
``not-required``
    no encoded row applies. It says nothing about end uses and end users, which are named apart, nor about sanctions and
    embargoes, which lie outside.

Exceptions whose destinations are not encoded are named as such; they do not soften a ``required``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.compare.catches import Answer, Catch, Probe
from analysis.compare.facts import Truth, any_of
from analysis.encoding.forms import Authorisation, LicenceRow, Product, Provision, holds
from analysis.encoding.library import Library, UnknownName
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.sides import Side

LicenceVerdict = Literal["required", "authorisation-possible", "not-required", "cannot-say"]
Reach = Literal["reaches", "does-not-reach", "unknown", "not-encoded"]

#: Country groups of list-based licence exceptions of the United States (15 CFR 740.3, 740.4, 740.6, 740.20(c)(1)).
#: From general knowledge; part 740 was not compared, and every US answer says so.
_GROUPS = {"LVS": "B", "GBS": "B", "TSR": "B", "STA": "A:5"}
#: Lists of destinations of which only a part is known: a country that is missing may still be on them.
_PARTIAL = frozenset({"NL900"})
#: Destinations for which part 746 of the US regulations sets duties of its own, whatever the licence table says.
_EMBARGOED = {"us-ear": frozenset({"BY", "CU", "IR", "KP", "RU", "SY"})}
_HOME = {"us": "US", "nl": "NL", "de": "DE", "uk": "GB"}


@dataclass(frozen=True)
class Row:
    """One licence row of a catching entry and whether it applies to the destination on the day."""

    layer: str
    code: str
    record: LicenceRow
    applies: Truth
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """One licence exception or general authorisation that a catching entry names."""

    layer: str
    code: str
    record: Authorisation
    reach: Reach


@dataclass(frozen=True)
class LicenceAnswer:
    """The licence question for one product, side, destination and day.

    ``end_uses`` and ``end_users`` are provisions that can ask for a licence whatever the list says; ``notes`` say what the
    rows do not carry.
    """

    product: str
    side: str
    destination: str
    as_of: str
    answer: LicenceVerdict
    because: str
    catch: Answer
    rows: tuple[Row, ...]
    ways: tuple[Way, ...]
    end_uses: tuple[Provision, ...]
    end_users: tuple[Provision, ...]
    notes: tuple[str, ...]


def country(library: Library, name: str) -> str:
    """The id of a country; raises UnknownName, or WorkbenchError for a group."""
    table = library.vocabulary.destinations
    given = name.upper() if table.knows(name.upper()) else name
    if not table.knows(given):
        labels = {d.label.en: d.id for d in table.values() if d.kind == "country"}
        if name in labels:
            return labels[name]
        raise UnknownName("destination", name, [*labels.values(), *labels])
    found = table[given]
    if found.kind != "country":
        raise WorkbenchError(f"'{name}' is a group of destinations; name a country, e.g. CN")
    return found.id


def member(library: Library, group: str, where: str, day: str) -> Truth:
    """Whether a destination belongs to a group on a day; None outside the known dates."""
    found = library.vocabulary.destinations[group]
    if found.kind == "country":
        return found.id == where
    table = library.vocabulary.destinations
    held = [m for m in found.members if holds(m, day)]
    if not held:
        return None
    inside = any(table.id_of(c) == where for m in held for c in m.countries)
    return True if inside else None if found.id in _PARTIAL else False


def licence(library: Library, product: str | Product, side: str | Side, destination: str, as_of: str) -> LicenceAnswer:
    """Read the licence rows for a product, a destination (ISO code) and a day; see the module for the answers.

    Raises UnknownName with the nearest valid name.
    """
    where = country(library, destination)
    probe = Probe(library, product, side, as_of)
    found = probe.answer()
    day = probe.side.as_of
    catching = [c for c in found.details if c.catches]
    rows = tuple(r for c in catching for r in _rows(library, c, where, day))
    ways = tuple(
        Way(c.layer, c.code, a, _reach(library, a, where, day))
        for c in catching
        if any(r.applies is not False for r in rows if (r.layer, r.code) == (c.layer, c.code))
        for a in (c.state.authorisations if c.state and c.state.authorisations else [])
        if a.available != "no" and a.id != "none"
    )
    verdict, because = _conclude(library, probe, found, catching, rows, ways, where)
    uses, users = _beside(library, probe)
    return LicenceAnswer(
        found.product, found.side, where, day, verdict, because, found, rows, ways, uses, users,
        _notes(library, probe, where, day),
    )  # fmt: skip


def _rows(library: Library, catch: Catch, where: str, day: str) -> list[Row]:
    made = []
    for row in (catch.state.licence if catch.state else None) or []:
        named = {d: member(library, d, where, day) for d in row.destinations}
        less = {d: member(library, d, where, day) for d in row.less}
        inside, taken = any_of(named.values()), any_of(less.values())
        applies: Truth
        if inside is False or taken is True:
            applies = False
        elif inside is True and taken is False:
            applies = True
        else:
            applies = None
        unknown = tuple(d for d, truth in {**named, **less}.items() if truth is None) if applies is None else ()
        made.append(Row(catch.layer, catch.code, row, applies, unknown))
    return made


def _reach(library: Library, one: Authorisation, where: str, day: str) -> Reach:
    group = _GROUPS.get(one.id, one.id)
    if not library.vocabulary.destinations.knows(group):
        return "not-encoded"
    return {True: "reaches", False: "does-not-reach", None: "unknown"}[member(library, group, where, day)]  # type: ignore[return-value]


def _conclude(
    library: Library,
    probe: Probe,
    found: Answer,
    catching: list[Catch],
    rows: tuple[Row, ...],
    ways: tuple[Way, ...],
    where: str,
) -> tuple[LicenceVerdict, str]:
    place = library.vocabulary.destinations[where].label.en
    homes = {_HOME.get(library.regimes[layer].meta.jurisdiction) for layer in probe.side.layers}
    if where in homes:
        return "not-required", f"{place} is the territory of the rules themselves, not a destination of exports"
    open_ = [c for c in found.details if c.verdict == "cannot-say" and not c.residual]
    asked: list[tuple[LicenceVerdict, str]] = [_entry(c, rows, ways, place) for c in catching]
    if open_:
        asked.append(("cannot-say", f"whether {open_[0].code} lists it is not known: {open_[0].because}"))
    if found.verdict == "cannot-say" and not open_:
        asked.append(("cannot-say", found.because))
    order = ("required", "cannot-say", "authorisation-possible", "not-required")
    nothing: tuple[LicenceVerdict, str] = ("not-required", f"no encoded entry lists it ({found.because})")
    worst = min(asked, key=lambda a: order.index(a[0])) if asked else nothing
    embargoed = any(where in _EMBARGOED.get(layer, ()) for layer in probe.side.layers)
    if worst[0] in ("not-required", "authorisation-possible") and embargoed:
        return "cannot-say", f"part 746 sets duties of its own for {place}, which are not encoded; else: {worst[1]}"
    return worst


def _entry(catch: Catch, rows: tuple[Row, ...], ways: tuple[Way, ...], place: str) -> tuple[LicenceVerdict, str]:
    """The answer of one catching entry."""
    mine = [r for r in rows if (r.layer, r.code) == (catch.layer, catch.code)]
    if catch.state is None or catch.state.licence is None:
        return "cannot-say", f"{catch.code}: its licence rows are not encoded"
    applying = [r for r in mine if r.applies is True]
    if not applying:
        unknown = [r for r in mine if r.applies is None]
        if unknown:
            names = ", ".join(dict.fromkeys(u for r in unknown for u in r.unknown))
            return "cannot-say", f"{catch.code}: whether {place} belonged to {names} on that day is not known"
        return "not-required", f"{catch.code}: no licence row names {place}"
    told = "; ".join(f"{r.record.reason} to {', '.join(r.record.destinations)} ({r.record.pinpoint})" for r in applying)
    open_ways = [w for w in ways if (w.layer, w.code) == (catch.layer, catch.code)]
    reaching = [w for w in open_ways if w.reach == "reaches"]
    whole = [w for w in reaching if w.record.available == "yes"]
    if whole:
        names = ", ".join(_way(w) for w in whole)
        return "authorisation-possible", f"{catch.code}: {told}; {names} can cover {place} on its conditions"
    text = f"{catch.code}: {told}"
    if reaching:
        text += f"; in particular cases {', '.join(_way(w) for w in reaching)} can cover {place}"
    rest = [w for w in open_ways if w.reach in ("unknown", "not-encoded")]
    if rest:
        text += f"; whether {', '.join(w.record.id for w in rest)} can cover {place} is not encoded"
    return "required", text


def _way(way: Way) -> str:
    return way.record.id + (f" ({way.record.pinpoint})" if way.record.pinpoint else "")


def _beside(library: Library, probe: Probe) -> tuple[tuple[Provision, ...], tuple[Provision, ...]]:
    """Provisions of the side on end uses and on end users that hold on the day and could reach the product."""
    around = probe.around
    uses, users = [], []
    for one in probe.side.provisions():
        if one.extent not in ("full", "partial"):
            continue
        if one.technologies and around.isdisjoint(library.vocabulary.nodes(one.technologies)):
            continue
        if one.mechanism.startswith("catch-all"):
            uses.append(one)
        elif one.mechanism == "end-user-lists":
            users.append(one)
    return tuple(uses), tuple(users)


def _notes(library: Library, probe: Probe, where: str, day: str) -> tuple[str, ...]:
    notes = ["Sanctions, embargoes, arms lists and licensing policy towards single firms lie outside."]
    if "eu-dual-use" in probe.side.layers and member(library, "eu-inside", where, day) is True:
        notes.append("Transfers within the Union need a licence only for Annex IV, which is not encoded.")
    if "us-ear" in probe.side.layers:
        notes.append(
            "Which country groups LVS, GBS, TSR and STA reach is from general knowledge; part 740 was not compared."
        )
    return tuple(notes)


__all__ = ["LicenceAnswer", "Row", "Way", "country", "licence", "member"]
