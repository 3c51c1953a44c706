"""What changed between two dates of one regime, or between two sides: entry by entry, field by field."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.compare.redline import Redline, redline
from analysis.encoding.forms import LicenceRow, grade_of
from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, Side, resolve
from analysis.encoding.timeline import State

#: Fields in the order of a digest: substance before wording.
FIELDS = ("thresholds", "except", "licence", "reasons", "authorisations", "binds", "origin", "technologies", "scope")
_SUBSTANCE = frozenset({"thresholds", "except", "licence", "reasons", "binds"})


@dataclass(frozen=True)
class Digest:
    """Counts by kind of change, for the first line of a report."""

    added: int
    ended: int
    changed: int
    marked: int
    unknown_before: int

    @property
    def any(self) -> bool:
        return bool(self.added or self.ended or self.changed or self.marked)


def changes(library: Library, before: str | Side, after: str | Side, as_of: str) -> pd.DataFrame:
    """One row per change, substance first.

    ``before`` and ``after`` are sides, usually of one regime on two days (``us-ear@2023-10-01``, ``us-ear``). Entries are
    matched by layer and code. Columns: kind (added, ended, changed, marked, unknown-before), layer, code, label, field,
    before, after, redline (Redline or None), substantive, instrument, date, pinpoint, technologies, grade, file.

    ``unknown-before``: the entry stands on the later day, but its first encoded version only says "on or before"; whether
    it is new is not known, so it never counts as added.

    ``marked``: the text is the same but something happened to it (not enforced, stayed, displaced). A field that one
    version leaves unstated (reasons, licence, ...) is unknown there and is no change.
    """
    old_side = before if isinstance(before, Side) else resolve(library, before, as_of)
    new_side = after if isinstance(after, Side) else resolve(library, after, as_of)
    old = {(x.layer, x.code): x for x in old_side.listings}
    new = {(x.layer, x.code): x for x in new_side.listings}
    rows: list[dict[str, object]] = []
    for key in sorted(old.keys() | new.keys()):
        rows += _entry(old.get(key), new.get(key))
    columns = (
        "kind layer code label field before after redline substantive instrument date pinpoint technologies grade file"
    ).split()
    table = pd.DataFrame(rows, columns=columns)
    order = {"added": 0, "ended": 1, "marked": 2, "changed": 3, "unknown-before": 4}
    rank = table["kind"].map(order).fillna(9) if len(table) else table["kind"]
    table = table.assign(_rank=rank, _wording=~table["substantive"].astype(bool)) if len(table) else table
    if len(table):
        table = table.sort_values(["_rank", "_wording", "layer", "code"], kind="stable").drop(
            columns=["_rank", "_wording"]
        )
    return table.reset_index(drop=True)


def _entry(old: Listing | None, new: Listing | None) -> list[dict[str, object]]:
    was, is_ = bool(old and old.standing.listed), bool(new and new.standing.listed)
    some = new or old
    assert some is not None
    state = (new.standing.state if new else None) or (old.standing.state if old else None)
    if not was and not is_:
        return []
    if is_ and not was:
        assert new is not None and new.standing.state is not None
        censored = (old is None or old.standing.status == "not-yet-encoded") and new.timeline.states[0].start != "exact"
        kind = "unknown-before" if censored else "added"
        return [
            _row(kind, new, new.standing.state, "", "", shown(new.standing.state, "scope"), substantive=not censored)
        ]
    if was and not is_:
        assert old is not None and old.standing.state is not None
        how = new.standing.sentence if new else "no longer encoded"
        row = _row("ended", old, old.standing.state, "", shown(old.standing.state, "scope"), how, substantive=True)
        if (
            new
            and new.standing.state is not None
            and new.standing.status == "ended"
            and new.standing.state.version.ends
        ):
            row["instrument"], row["date"] = new.standing.state.by, new.standing.state.from_
        elif new:
            row["instrument"], row["date"] = _cause(new)
        return [row]
    assert old is not None and new is not None and state is not None
    rows = []
    first, last = old.standing.state, new.standing.state
    assert first is not None and last is not None
    if first.version is not last.version:
        for field in FIELDS:
            a, b = shown(first, field), shown(last, field)
            if a is None or b is None or a == b:
                continue
            line = redline(a, b)
            row = _row("changed", new, last, field, a, b, substantive=field in _SUBSTANCE or line.substantive)
            row["redline"] = line
            rows.append(row)
    marks = {m.note for m in new.standing.marks if m.kind != "beyond"}
    before = {m.note for m in old.standing.marks if m.kind != "beyond"}
    for mark in new.standing.marks:
        if mark.note in marks - before:
            row = _row("marked", new, last, mark.kind, "", mark.note, substantive=True)
            row["instrument"], row["date"] = mark.by, mark.from_
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
        "pinpoint": state.pinpoint,
        "technologies": list(state.technologies),
        "grade": grade_of(state.evidence, "dates"),
        "file": listing.control.place,
    }


def shown(state: State, field: str) -> str | None:
    """A field of a state as one line of text; None where the version leaves it unstated."""
    if field == "thresholds":
        return (
            None
            if state.thresholds is None
            else " or ".join(" and ".join(box) for box in state.thresholds) or "no number"
        )
    if field == "except":
        if state.except_ is None:
            return "" if state.thresholds is not None else None
        return "; ".join(f"{' and '.join(e.conditions)} ({e.pinpoint})" for e in state.except_)
    if field == "licence":
        return None if state.licence is None else "; ".join(licence_text(row) for row in state.licence)
    if field == "authorisations":
        rows = state.authorisations
        if rows is None:
            return None
        return "; ".join(f"{a.id}: {a.available}{f' ({a.conditions})' if a.conditions else ''}" for a in rows)
    if field == "technologies":
        return ", ".join(sorted(state.technologies))
    if field == "scope":
        return state.scope
    value = getattr(state, field) if hasattr(state, field) else getattr(state.version, field)
    if value is None:
        return None
    return ", ".join(value) if isinstance(value, list) else str(value)


def licence_text(row: LicenceRow) -> str:
    less = f" less {', '.join(row.less)}" if row.less else ""
    review = "" if row.review == "not-stated" else f", {row.review.replace('-', ' ')}"
    return f"{row.reason} to {', '.join(row.destinations)}{less}{review} ({row.pinpoint})"


def digest(table: pd.DataFrame) -> Digest:
    """How many entries were added, ended, changed in any field, or marked."""

    def entries(kind: str) -> int:
        part = table[table["kind"] == kind]
        return len(part[["layer", "code"]].drop_duplicates())

    return Digest(entries("added"), entries("ended"), entries("changed"), entries("marked"), entries("unknown-before"))


__all__ = ["FIELDS", "Digest", "Redline", "changes", "digest", "licence_text", "shown"]
