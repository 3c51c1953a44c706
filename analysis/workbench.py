"""The workbench as a notebook uses it: open the encodings at a day with some sides, compare, and say what was read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.compare import changes as _changes
from analysis.compare import compare_sides as _compare_sides
from analysis.compare import coverage as _coverage
from analysis.compare import leadlag as _leadlag
from analysis.compare import narratives as _narratives
from analysis.compare import scope as _scope
from analysis.compare.compare_sides import Scope
from analysis.encoding.forms import Instrument
from analysis.encoding.library import Library, load
from analysis.encoding.sides import Side, resolve
from analysis.present import citations
from analysis.present.bundles import Document, Inputs, References
from analysis.present.sentences import OUTSIDE
from analysis.present.words import day

_OPEN_KINDS = ("proposal", "mandate", "announcement", "amendments")
_EFFECT_NOUNS = {
    "stays": "Stay",
    "delays": "Delay",
    "not-enforced": "Non-enforcement",
    "ends": "End",
    "revives": "Revival",
    "displaces": "Displacement",
}


def _answered(one: Instrument, known: Sequence[Instrument], as_of: str) -> bool:
    """Whether a later binding instrument of the same procedure followed, up to the day."""
    return bool(one.procedure) and any(
        i.procedure == one.procedure and i.binding and one.dates.first <= i.dates.first <= as_of for i in known
    )


class Workbench:
    """Encodings at a day, with the sides of a comparison.

    ``library`` holds every record; ``sides`` are resolved (:class:`analysis.encoding.sides.Side`). Every comparison returns
    a tidy DataFrame whose columns the function of the same name in ``analysis.compare`` documents.
    """

    def __init__(self, as_of: str, sides: Sequence[str] = (), root: Path | str | None = None):
        self.library: Library = load(root)
        self.as_of = as_of
        self.sides: list[Side] = [resolve(self.library, s, as_of) for s in sides]
        self._extra: list[Side] = []

    def side(self, text: str) -> Side:
        """One side more; it is named in the receipt as well."""
        found = resolve(self.library, text, self.as_of)
        self._extra.append(found)
        return found

    @property
    def layers(self) -> list[Side]:
        """Each regime of the sides once, as law in force: law in a place taken apart."""
        names = dict.fromkeys(layer for s in self.sides if s.kind != "instrument" for layer in s.layers)
        return [resolve(self.library, name, self.as_of) for name in names]

    @property
    def places(self) -> list[str]:
        """The places whose law the sides are: us, eu, nl."""
        return list(dict.fromkeys(r.meta.jurisdiction for s in self.sides for r in s.regimes))

    # -- comparisons ---------------------------------------------------------------------------------------

    def coverage(self, technologies: Sequence[str] | None = None, sides: Sequence[Side] | None = None) -> pd.DataFrame:
        return _coverage.coverage(self.library, sides or self.sides, self.as_of, technologies or None)

    def blanks(self, table: pd.DataFrame) -> pd.DataFrame:
        return _coverage.blanks(table)

    def mechanisms(self) -> pd.DataFrame:
        return _coverage.mechanisms(self.library, self.sides, self.as_of)

    def catch_alls(self) -> pd.DataFrame:
        return _coverage.general_catch_alls(self.library, self.sides, self.as_of)

    def first_listed(self, technologies: Sequence[str] | None = None) -> pd.DataFrame:
        return _coverage.first_listed(self.library, self.sides, self.as_of, technologies or None)

    def entries(self, technology: str, sides: Sequence[Side] | None = None) -> pd.DataFrame:
        return _scope.entries(self.library, sides or self.sides, self.as_of, technology)

    def pairs(self, a: Side, b: Side, technology: str | None = None) -> pd.DataFrame:
        return _scope.pairs(self.library, a, b, self.as_of, technology)

    def scope(self, a: Side, b: Side, technology: str | None = None) -> Scope:
        """Two sides compared in scope: pairs, numbers, dates, what only one has, suggestions."""
        return _compare_sides.scope(self.library, a, b, self.as_of, technology)

    def leads(self, a: Side, b: Side, technology: str | None = None) -> pd.DataFrame:
        """When each side first listed mapped items; columns as ``analysis.compare.leadlag.cases``."""
        return _leadlag.cases(self.library, a, b, self.as_of, technology)

    def changes(self, side: Side, since: str, technology: str | None = None) -> pd.DataFrame:
        """Changes of a law side after ``since`` up to its day; with ``technology`` only entries that name it."""
        before = resolve(self.library, f"{side.text.split('@')[0]}@{since}", self.as_of)
        table = _changes.changes(self.library, before, side, self.as_of)
        if technology and len(table):
            nodes = set(self.library.vocabulary.under(technology))
            table = table[[bool(nodes & set(t)) for t in table["technologies"]]].reset_index(drop=True)
        return table

    def statements(self, sides: Sequence[str] | None = None, technology: str | None = None) -> pd.DataFrame:
        table = _narratives.table(self.library, self.as_of, sides=sides)
        return _narratives.about_technology(self.library, table, technology) if technology else table

    def rules(self, since: str, technology: str) -> pd.DataFrame:
        """Provisions of the layers that began after ``since`` and name the technology, something below or above it, by date.

        Columns: date, layer, layer_label, mechanism, label, summary, instrument, pinpoint, extent.
        """
        words = self.library.vocabulary
        nodes = {*words.under(technology), *words.above(technology)}
        rows = []
        for layer in self.layers:
            for p in layer.provisions():
                named = {words.technologies.id_of(t) for t in p.technologies}
                if since < p.from_ and nodes & named and p.extent != "none" and p.mechanism != "listed-items":
                    label = words.mechanisms[p.mechanism].label.en
                    rows.append(
                        (
                            p.from_,
                            layer.text,
                            layer.label,
                            p.mechanism,
                            label,
                            p.summary,
                            p.instrument,
                            p.pinpoint,
                            p.extent,
                        )
                    )
        columns = "date layer layer_label mechanism label summary instrument pinpoint extent".split()
        return pd.DataFrame(sorted(rows), columns=columns)

    def events(
        self, since: str = "", until: str = "", technology: str | None = None, sides: Sequence[Side] = ()
    ) -> pd.DataFrame:
        """Events by date. Columns: id, date, title, text, kind, sides, instruments, technologies.

        ``sides`` keeps events of their places only.
        """
        nodes = set(self.library.vocabulary.under(technology)) if technology else None
        places = {r.meta.jurisdiction for s in sides for r in s.regimes}
        rows = [
            {
                "id": e.id,
                "date": e.date,
                "title": e.title,
                "text": e.text,
                "kind": e.kind,
                "sides": e.sides,
                "instruments": e.instruments,
                "technologies": e.technologies,
            }
            for e in self.library.events.values()
            if (since or "0000") <= e.date <= (until or self.as_of)
            and (nodes is None or nodes & set(e.technologies))
            and (not places or places & set(e.sides))
        ]
        table = pd.DataFrame(rows, columns="id date title text kind sides instruments technologies".split())
        return table.sort_values(["date", "id"], kind="stable").reset_index(drop=True)

    def pending(self, technology: str | None = None) -> pd.DataFrame:
        """Open dates and open proposals on the day, for the regimes of the sides.

        Coming: events after the day, and effects that end after it or ended within a year before it without a known sequel.
        Open: proposals, mandates and amendments that no later binding instrument of the same procedure answers, and
        announcements of the last two years of which the same is true. With ``technology`` those about it, and dates that
        belong to no technology. Columns: date, what, instrument ("" for none), note, coming (True for dates).
        """
        year = int(self.as_of[:4])
        last, recent = (f"{year - n}{self.as_of[4:]}" for n in (1, 2))
        wanted = self._instruments_about(technology) if technology else None
        special = self._instruments_about(None) if technology else set()
        places = {r.meta.jurisdiction for s in self.sides for r in s.regimes}
        nodes = set(self.library.vocabulary.under(technology)) if technology else set()
        rows: list[tuple[str, str, str, str, bool]] = []
        for layer in dict.fromkeys(layer for s in self.sides for layer in s.layers):
            known = list(self.library.regimes[layer].instruments.values())
            for one in known:
                for effect in one.effects:
                    about = wanted is None or effect.on in wanted or effect.on not in special
                    if effect.until and effect.until >= last and about:
                        word = "ends" if effect.until >= self.as_of else "ended; what followed is not known here"
                        on = self.library.instrument(effect.on)
                        what = f"{_EFFECT_NOUNS[effect.kind]} of {citations.short_name(on)} ({on.title}) {word}"
                        rows.append((effect.until, what, one.id, "", True))
                first = one.dates.first
                if one.kind not in _OPEN_KINDS or not first or first > self.as_of or _answered(one, known, self.as_of):
                    continue
                if (one.kind != "announcement" or first >= recent) and (wanted is None or one.id in wanted):
                    kind = "" if one.title.startswith("Propos") else f"{one.kind.capitalize()}: "
                    rows.append((first, f"{kind}{one.title}", one.id, one.summary or "", False))
        for e in self.library.events.values():
            if (
                e.date > self.as_of
                and places & set(e.sides)
                and (not nodes or not e.technologies or nodes & set(e.technologies))
            ):
                rows.append((e.date, e.title, e.instruments[0] if e.instruments else "", e.text, True))
        return pd.DataFrame(sorted(set(rows)), columns="date what instrument note coming".split())

    def _instruments_about(self, technology: str | None) -> set[str]:
        """Instruments that an event, a provision or an entry ties to the technology; with None to any technology."""
        nodes = (
            set(self.library.vocabulary.under(technology)) if technology else set(self.library.vocabulary.technologies)
        )
        found = {i for e in self.library.events.values() if nodes & set(e.technologies) for i in e.instruments}
        for layer in self.layers:
            for data in layer.regimes:
                found |= {p.instrument for p in data.provisions.values() if nodes & set(p.technologies)}
            for listing in layer.listings:
                found |= {s.by for s in listing.timeline.states if nodes & set(s.technologies)}
        return found

    # -- around the document ---------------------------------------------------------------------------------

    @property
    def data_version(self) -> str:
        """Version of the package and a digest of all encodings: the same encodings, the same version."""
        from importlib.metadata import version

        digest = hashlib.sha256()
        for name, source in sorted(self.library.sources.items()):
            digest.update(f"{name} {source.digest}\n".encode())
        return f"{version('regime-workbench')}+{digest.hexdigest()[:10]}"

    def front(self, title: str, summary: str, *, subtitle: str = "", kind: str = "Report", **more: Any) -> Document:
        """The title block: as-of date, data version, how to cite, and what lies outside."""
        full = f"{title}: {subtitle}" if subtitle else title
        cite_as = f"Regime Workbench, {full}, as of {day(self.as_of)} ({self.data_version})."
        fields: dict[str, Any] = {
            "title": title,
            "subtitle": subtitle,
            "kind": kind,
            "as_of": self.as_of,
            "data_version": self.data_version,
            "language": "en-GB",
            "summary": summary,
            "cite_as": cite_as,
            "notice": OUTSIDE,
            **more,
        }
        return Document(fields)

    def references(self, listed: str = "cited") -> References:
        """Everything that can be cited. ``listed``: "cited" prints what was cited, "none" leaves it to the footnotes."""
        return References(citations.references(self.library), listed)

    def inputs(self) -> Inputs:
        """What this run read: sides, the instruments they rest on and why, files with their SHA-256."""
        asked = set(self.library.reads.asked)
        sides = []
        for side in {s.text: s for s in (*self.sides, *self._extra)}.values():
            chosen = [{"id": name, "why": why} for name, why in side.instruments().items()]
            sides.append({"side": side.text, "as_of": side.as_of, "layers": list(side.layers), "instruments": chosen})
            asked |= {
                (layer, kind) for layer in side.layers for kind in ("instruments", "controls", "provisions", "findings")
            }
        self.library.reads.asked |= asked
        files = [{"path": p, "sha256": h} for p, h in sorted(self.library.files_read().items())]
        return Inputs({"sides": sides, "files": files, "data_version": self.data_version})
