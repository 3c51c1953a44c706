"""What changed between two dates of one regime, or between two sides: entry by entry, field by field."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.compare.redline import Redline, redline
from analysis.compare.thresholds import Measures
from analysis.compare.wording import shown
from analysis.encoding.forms import grade_of
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, Side, resolve
from analysis.encoding.timeline import Standing, State

#: Fields in the order of a digest: substance before wording.
FIELDS = ("thresholds", "except", "licence", "reasons", "authorisations", "binds", "origin", "technologies", "scope")
#: Kinds of change; ``displaced``: taken over by another layer, not repealed.
KINDS = ("added", "ended", "displaced", "marked", "changed", "unknown-before")
_SUBSTANCE = frozenset({"thresholds", "except", "licence", "reasons", "binds"})


@dataclass(frozen=True)
class Digest:
    """Counts by kind of change, for the first line of a report."""

    added: int
    ended: int
    displaced: int
    changed: int
    marked: int
    unknown_before: int

    @property
    def any(self) -> bool:
        return bool(self.added or self.ended or self.displaced or self.changed or self.marked)


def changes(library: Library, before: str | Side, after: str | Side, as_of: str) -> pd.DataFrame:
    """One row per change, substance first.

    ``before`` and ``after`` are sides, usually of one regime on two days (``us-ear@2023-10-01``, ``us-ear``): then every step
    between the days is a row of its own, with its date and instrument. Entries are matched by layer and code.

    Columns: kind (see KINDS), layer, code, label, field, before, after, redline (Redline
    or None), substantive, instrument, date, exact (False: on or before that date), pinpoint, technologies, grade, file.

    ``unknown-before``: the entry stands on the later day, but its first encoded version only says "on or before"; whether
    it is new is not known, so it never counts as added.

    ``marked``: the text is the same but something happened to it (not enforced, stayed, displaced). A field that one
    version leaves unstated (reasons, licence, ...) is unknown there and is no change.
    """
    old_side = before if isinstance(before, Side) else resolve(library, before, as_of)
    new_side = after if isinstance(after, Side) else resolve(library, after, as_of)
    old = {x.key: x for x in old_side.listings}
    new = {x.key: x for x in new_side.listings}
    lawful = old_side.kind != "instrument" and new_side.kind != "instrument" and old_side.as_of < new_side.as_of
    measures = Measures(library.vocabulary.quantities)
    span = (old_side.as_of, new_side.as_of) if lawful else None
    rows: list[dict[str, object]] = []
    for key in sorted(old.keys() | new.keys()):
        rows += _entry(old.get(key), new.get(key), span, measures)
    columns = (
        "kind layer code label field before after redline substantive instrument date exact pinpoint technologies grade file"
    ).split()
    table = pd.DataFrame(rows, columns=columns)
    order = {k: n for n, k in enumerate(KINDS)}
    rank = table["kind"].map(order).fillna(9) if len(table) else table["kind"]
    table = table.assign(_rank=rank, _wording=~table["substantive"].astype(bool)) if len(table) else table
    if len(table):
        table = table.sort_values(["_rank", "_wording", "layer", "code"], kind="stable").drop(
            columns=["_rank", "_wording"]
        )
    return table.reset_index(drop=True)


def _entry(
    old: Listing | None, new: Listing | None, span: tuple[str, str] | None, measures: Measures
) -> list[dict[str, object]]:
    if span and old and new and old.control is new.control:
        return _steps(new, *span, measures)
    rows = _directly(old, new, measures)
    if new and new.standing.listed and new.standing.state:
        rows += _marks(new, old.standing if old else None, new.standing)
    return rows


def _steps(listing: Listing, since: str, until: str, measures: Measures) -> list[dict[str, object]]:
    """Every step of one control's life after ``since`` up to ``until``, each with the instrument that made it."""
    life = listing.timeline
    rows: list[dict[str, object]] = []
    before = life.at(since)
    for turn in (t for t in life.turns if since < t <= until):
        now = life.at(turn)
        if now.state is not None and before.listed and now.listed and before.state is not None:
            if now.state is not before.state:
                rows += _fields(listing, before.state, now.state, measures)
        elif now.state is not None and now.listed:
            rows.append(_came(listing, before.status, now.state))
            by, day = _turned(listing, turn, "revives")
            if now.state.from_ < turn and by:
                rows[-1]["instrument"], rows[-1]["date"], rows[-1]["exact"] = by, day, True
        elif now.state is not None and before.listed and before.state is not None:
            rows.append(_went(listing, before.state, now, turn))
        if now.listed:
            rows += _marks(listing, before, now)
        before = now
    return rows


def _directly(old: Listing | None, new: Listing | None, measures: Measures) -> list[dict[str, object]]:
    """Two states of one code, or one that the other side lacks: what an instrument would list against what is law."""
    was = old.standing.state if old and old.standing.listed else None
    is_ = new.standing.state if new and new.standing.listed else None
    if is_ and not was:
        assert new is not None
        return [_came(new, old.standing.status if old else "not on the other side", is_)]
    if was and not is_:
        assert old is not None
        if new and new.standing.state is not None:
            return [_went(new, was, new.standing, new.standing.state.from_)]
        how = new.standing.sentence if new else "not on the other side"
        return [_row("ended", old, was, "", shown(was, "scope"), how, substantive=True)]
    return _fields(new, was, is_, measures) if new and was and is_ else []


def _came(listing: Listing, before: str, state: State) -> dict[str, object]:
    """An entry that stands and did not stand: new, unless it may have stood before we know of it."""
    first = state is listing.timeline.states[0]
    censored = before == "unknown" or (before == "not-yet-encoded" and first and state.start != "exact")
    kind = "unknown-before" if censored else "added"
    return _row(kind, listing, state, "", "", shown(state, "scope"), substantive=not censored)


def _went(listing: Listing, was: State, now: Standing, turn: str) -> dict[str, object]:
    """An entry that stood and stands no more: ended, taken over, or gone where no source says what followed."""
    assert now.state is not None
    scope = shown(was, "scope")
    if now.status == "unknown":
        mark = next(m for m in now.marks if m.kind == "unknown")
        row = _row("marked", listing, now.state, "unknown", "", now.sentence, substantive=True)
        row["instrument"], row["date"] = mark.by, mark.until
        return row
    row = _row(
        "displaced" if now.status == "displaced" else "ended",
        listing,
        now.state,
        "",
        scope,
        now.sentence,
        substantive=True,
    )
    if not now.state.version.ends:
        by, day = _turned(listing, turn, "displaces" if now.status == "displaced" else "ends")
        row["instrument"], row["date"] = (by, day) if by else _cause(listing)
    return row


def _marks(listing: Listing, before: Standing | None, now: Standing) -> list[dict[str, object]]:
    """What happened to an entry that still stands printed: stayed, not enforced."""
    assert now.state is not None
    known = {m.note for m in before.marks} if before else set()
    rows = []
    for mark in now.marks:
        if mark.kind != "beyond" and mark.note not in known:
            row = _row("marked", listing, now.state, mark.kind, "", mark.note, substantive=True)
            row["instrument"], row["date"], row["exact"] = mark.by, mark.from_, True
            rows.append(row)
    return rows


def _turned(listing: Listing, turn: str, kind: str) -> tuple[str, str]:
    """The instrument whose effect of that kind begins on the day, and the day."""
    return next(((by, e.from_) for by, e in listing.timeline.effects if e.kind == kind and e.from_ == turn), ("", ""))


def _fields(listing: Listing, first: State, last: State, measures: Measures) -> list[dict[str, object]]:
    rows = []
    for field in FIELDS:
        a, b = shown(first, field, measures), shown(last, field, measures)
        if a is None or b is None or a == b:
            continue
        line = redline(a, b)
        row = _row("changed", listing, last, field, a, b, substantive=field in _SUBSTANCE or line.substantive)
        row["redline"] = line
        rows.append(row)
    return rows


def _cause(listing: Listing) -> tuple[str, str]:
    """Instrument and day of the effect that took an entry out."""
    for by, effect in listing.timeline.effects:
        if effect.kind in ("ends", "displaces") and effect.from_ in listing.standing.sentence:
            return by, effect.from_
    return "", ""


def _row(
    kind: str, listing: Listing, state: State, field: str, before: str | None, after: str | None, *, substantive: bool
) -> dict[str, object]:
    return {
        "kind": kind,
        "layer": listing.layer,
        "code": listing.code,
        "label": listing.control.label,
        "field": field,
        "before": before or "",
        "after": after or "",
        "redline": None,
        "substantive": substantive,
        "instrument": state.by,
        "date": state.from_,
        "exact": state.start == "exact",
        "pinpoint": state.pinpoint,
        "technologies": list(state.technologies),
        "grade": grade_of(state.evidence, "dates"),
        "file": listing.control.place,
    }


def digest(table: pd.DataFrame) -> Digest:
    """How many entries were added, ended, changed in any field, or marked."""

    def entries(kind: str) -> int:
        part = table[table["kind"] == kind]
        return len(part[["layer", "code"]].drop_duplicates())

    return Digest(*(entries(k) for k in ("added", "ended", "displaced", "changed", "marked", "unknown-before")))


__all__ = ["FIELDS", "Digest", "Redline", "changes", "digest"]
