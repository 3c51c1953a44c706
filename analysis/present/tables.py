"""Readable tables, each with the tidy data behind it for CSV and spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from analysis.compare.redline import Redline
from analysis.compare.scope import short
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.present.bundles import Table
from analysis.present.citations import short_name, told
from analysis.present.words import (
    SIDE_NAMES,
    STANCES,
    capital,
    count,
    day,
    grade_mark,
    grade_notes,
    listed,
    percent,
    some,
)
from analysis.protocol import Cell, Column, Run

_FIELD_WORDS = {
    "thresholds": "threshold",
    "except": "carve-out",
    "licence": "licence requirement",
    "reasons": "reasons for control",
    "authorisations": "licence exceptions",
    "binds": "who is bound",
    "origin": "origin",
    "technologies": "technology",
    "scope": "description",
}
_KIND_WORDS = {
    "added": "New",
    "ended": "Ended",
    "displaced": "Taken over by another list",
    "marked": "Stayed or not enforced",
    "changed": "Changed",
}


def column(key: str, label: str, width: float | None = None, align: str = "") -> Column:
    made: Column = {"key": key, "label": label}
    if width:
        made["width"] = width
    if align:
        made["align"] = align
    return made


def tidy(table: pd.DataFrame, keep: Sequence[str] | None = None) -> tuple[list[str], list[list[Any]]]:
    """A DataFrame as text columns and rows for CSV: lists joined, records by their names."""
    part = table[list(keep)] if keep else table
    return list(part.columns), [[_flat(v) for v in row] for row in part.itertuples(index=False)]


def _flat(value: Any) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, (list, tuple, set)):
        return "; ".join(_flat(v) for v in value)
    for name in ("record", "id"):
        if hasattr(value, name):
            return str(getattr(value, name))
    return str(value)


def _more(left: int, what: str) -> str:
    return f"{capital(count(left, f'more {what} is', f'more {what}s are'))} in the data files."


def _cite(instrument: str, pinpoint: str = "") -> Run:
    return {"cite": [{"id": instrument, "pinpoint": pinpoint}] if pinpoint else [instrument]}


def coverage(table: pd.DataFrame, *, id: str = "coverage-table", caption: str = "", most: int = 3) -> Table:
    """Technologies by side in words: state, the first codes, since when; top-level technologies as headings."""
    sides = table[["side", "side_label"]].drop_duplicates().values.tolist()
    by = {(r.technology, r.side): r for r in table.itertuples()}
    names = table.drop_duplicates("technology")
    marks: list[str] = []
    rows: list[Any] = []
    for r in names.itertuples():
        if r.depth == 0 and not r.leaf:
            rows.append({"heading": r.label})
            continue
        cells: list[Cell] = [r.label]
        for side, _ in sides:
            cells.append(_coverage_cell(by[r.technology, side], most, marks))
        rows.append(cells)
    columns = [column("technology", "Technology", 2.2), *(column(s, label, 3) for s, label in sides)]
    keep = "technology label side state word layer entries more codes since censored grade records".split()
    return Table(
        id,
        caption or "Coverage by technology and side, with the first entries",
        columns,
        rows,
        [
            "Listed means that some item of the technology is listed, never that the technology as a whole is. "
            "Not encoded means that nothing is known here; it is not a “no”. Other: catch-alls that name it, and findings.",
            *grade_notes(marks),
        ],
        wide=len(sides) > 3,
        data=tidy(table, keep),
    )


def _coverage_cell(r: Any, most: int, marks: list[str]) -> Cell:
    if r.state == "not-encoded":
        return {"text": "not encoded", "mark": "muted"}
    mark = grade_mark(r.grade)
    marks.append(mark)
    if r.state != "listed":
        found = r.records[0]
        where = f" ({found.pinpoint})" if found.pinpoint and r.state == "catch-all" else ""
        return f"{'named in a catch-all' if r.state == 'catch-all' else r.word}{where}{mark}"
    since = f", {'on or before' if r.censored else 'since'} {day(r.since)}" if r.since else ""
    codes = some([c for c in r.codes if not c.startswith("unnumbered/")], most)
    unnumbered = sum(c.startswith("unnumbered/") for c in r.codes)
    if unnumbered:
        codes = listed([codes, count(unnumbered, "unnumbered entry", "unnumbered entries")])
    layer = f" [{listed(short(x) for x in r.layers)}]" if r.side.startswith("law-in:") else ""
    weaker = f"; {r.more} other" if r.more else ""
    return f"{r.word}: {codes}{since}{layer}{weaker}{mark}"


def blanks(table: pd.DataFrame, *, id: str = "blanks") -> Table:
    """How much of each side's map is blank."""
    rows = [
        [r.side_label, int(r.leaves), int(r.listed), int(r.negative), int(r.blank), percent(r.share_blank)]
        for r in table.itertuples()
    ]
    columns = [
        column("side", "Side", 3),
        column("leaves", "Technologies", 1, "right"),
        column("listed", "Listed", 1, "right"),
        column("negative", "Checked, nothing found", 1, "right"),
        column("blank", "Not encoded", 1, "right"),
        column("share", "Share not encoded", 1, "right"),
    ]
    return Table(id, "How complete the map is: leaf technologies by side", columns, rows, data=tidy(table))


def mechanisms(table: pd.DataFrame, *, id: str = "mechanisms-table", caption: str = "") -> Table:
    """Mechanisms by side with the provision that carries each."""
    sides = table[["side", "side_label"]].drop_duplicates().values.tolist()
    by = {(r.mechanism, r.side): r for r in table.itertuples()}
    marks: list[str] = []
    rows: list[Any] = []
    for r in table.drop_duplicates("mechanism").itertuples():
        cells: list[Cell] = [r.label]
        for side, _ in sides:
            one = by[r.mechanism, side]
            if one.extent == "not-encoded":
                cells.append({"text": "not encoded", "mark": "muted"})
                continue
            mark = grade_mark(one.grade)
            marks.append(mark)
            cell: list[str | Run] = [{"text": one.extent.replace("-", " ") + mark, "mark": "strong"}]
            for p in one.provisions[:2]:
                cell += ["\n", _cite(p.instrument, p.pinpoint)]
            if len(one.provisions) > 2:
                cell.append(f"\nand {len(one.provisions) - 2} more")
            cells.append(cell)
        rows.append(cells)
    columns = [column("mechanism", "Mechanism", 1.6), *(column(s, label, 2) for s, label in sides)]
    keep = "mechanism label side extent layer entries more grade provisions findings".split()
    return Table(
        id,
        caption or "Control mechanisms by side",
        columns,
        rows,
        ["Extent counts what a text provides; it does not measure strictness.", *grade_notes(marks)],
        wide=len(sides) > 3,
        data=tidy(table, keep),
    )


def first_listed(table: pd.DataFrame, *, id: str = "first-listed-table") -> Table:
    """First listings as a table."""
    marks: list[str] = []
    rows: list[Any] = []
    for r in table.itertuples():
        mark = grade_mark(r.grade)
        marks.append(mark)
        when = f"{'on or before ' if r.censored else ''}{day(r.date)}{mark}"
        rows.append([r.label, r.side_label, when, r.code, _cite(r.instrument)])
    columns = [
        column("technology", "Technology", 2.4),
        column("side", "Side", 1.4),
        column("date", "First listed", 2),
        column("code", "Entry", 1.2),
        column("instrument", "By", 1.8),
    ]
    return Table(
        id,
        "First listing by technology and side, as far as encoded",
        columns,
        rows,
        grade_notes(marks),
        data=tidy(table),
    )


def entries(
    library: Library, table: pd.DataFrame, *, id: str = "scope", caption: str = "", most: int | None = None
) -> Table:
    """Entries of a technology side by side, one block per side, in the order of their codes."""
    rows: list[Any] = []
    marks: list[str] = []
    left_out: list[str] = []
    for (_, label), part in table.groupby(["side", "side_label"], sort=False):
        rows.append({"heading": f"{label}: {count(len(part), 'entry', 'entries')}"})
        ordered = part.iloc[sorted(range(len(part)), key=lambda n: _natural(part["code"].iloc[n]))]
        shown = ordered if most is None else ordered.head(most)
        if len(shown) < len(part):
            left_out.append(f"{label}: {len(part) - len(shown)} more")
        for r in shown.to_dict("records"):
            text, number, dates = (grade_mark(r[g]) for g in ("grade_text", "grade_thresholds", "grade_dates"))
            marks += [text, number, dates]
            code = r["code"] if not r["code"].startswith("unnumbered/") else "(no code known)"
            since = f"{'on or before ' if r['start'] != 'exact' else ''}{day(r['since'])}{dates}"
            licence = "; ".join(x for x in (r["reasons"], ORIGINS.get(r["origin"], r["origin"])) if x)
            marks_ = told(library, r["marks"])
            pinpoint = _without(library, r["by"], r["pinpoint"])
            rows.append(
                [
                    {"text": code, "mark": "code"} if code == r["code"] else {"text": code, "mark": "muted"},
                    [{"text": r["label"] + text, "mark": "strong"}, f"\n{r['scope']}"],
                    capital(r["thresholds"]) + number,
                    licence or "not stated",
                    [since, "\n", _cite(r["by"], pinpoint), *([f"\n{marks_}"] if marks_ else [])],
                ]
            )
    columns = [
        column("code", "Code", 1.1),
        column("scope", "What is caught", 3.6),
        column("thresholds", "Threshold", 2.6),
        column("reasons", "Reasons; origin", 1.3),
        column("since", "Since; source", 2),
    ]
    notes = [*grade_notes(marks)]
    if left_out:
        notes.insert(0, f"Not shown here but in the data files: {listed(left_out)}.")
    return Table(id, caption or "Entries side by side", columns, rows, list(notes), data=tidy(table))


#: Where an entry comes from, for readers.
ORIGINS = {
    "wassenaar": "Wassenaar",
    "australia group": "Australia Group",
    "mtcr": "MTCR",
    "nsg": "NSG",
    "cwc": "Chemical Weapons Convention",
    "plurilateral": "agreed by some states",
    "unilateral": "unilateral",
    "mixed": "mixed origin",
}


def _natural(code: str) -> list[tuple[int, str]]:
    """Codes in the order of the list: 3B001.f.1.b before 3B001.f.10, unnumbered ones last."""
    if code.startswith("unnumbered/"):
        return [(10**6, code)]
    return [(int(x), "") if x.isdigit() else (0, x) for x in re.split(r"(\d+)", code) if x]


def _without(library: Library, instrument: str, pinpoint: str) -> str:
    """A pinpoint that does not repeat the name of its instrument."""
    return pinpoint.removeprefix(f"{short_name(library.instrument(instrument))}, ")


def _code(code: str, label: str) -> Run:
    """An entry by its code; one without a code by its label."""
    return {"text": label, "mark": "muted"} if code.startswith("unnumbered/") else {"text": code, "mark": "code"}


def pairs(
    table: pd.DataFrame, name_a: str, name_b: str, *, id: str = "pairs", caption: str = "", most: int | None = None
) -> Table:
    """Curated pairs with relation, verdict on numbers and the sentence that explains it."""
    words = {
        "exactMatch": "same scope",
        "closeMatch": "nearly the same",
        "broadMatch": f"{name_b} broader",
        "narrowMatch": f"{name_a} broader",
        "relatedMatch": "related",
    }
    marks: list[str] = []
    rows: list[Any] = []
    telling = ~table["verdict"].isin(["not-comparable", "cannot-say"])
    order = sorted(range(len(table)), key=lambda n: (not telling.iloc[n], _natural(table["code_a"].iloc[n])))
    ordered = table.iloc[order]
    shown = ordered if most is None else ordered.head(most)
    for r in shown.to_dict("records"):
        mark = grade_mark(r["grade"])
        marks.append(mark)
        rows.append(
            [
                _code(r["code_a"], r["label_a"]),
                _code(r["code_b"], r["label_b"]),
                r["label_a"],
                words[r["relation"]],
                [
                    {"text": capital(r["verdict"].replace("-", " ")) + mark, "mark": "strong"},
                    f"\n{capital(r['sentence'])}",
                ],
            ]
        )
    columns = [
        column("a", name_a, 1.2),
        column("b", name_b, 1.2),
        column("label", "Subject", 2),
        column("relation", "Relation (curated)", 1.3),
        column("verdict", "Numbers (computed)", 4),
    ]
    notes = list(grade_notes(marks))
    if len(shown) < len(table):
        notes.insert(0, _more(len(table) - len(shown), "pair") + " Pairs with comparable numbers come first.")
    return Table(
        id,
        caption or f"Pairs of entries: {name_a} and {name_b}",
        columns,
        rows,
        notes,
        row_headers=2,
        data=tidy(table),
    )


def changes(
    library: Library,
    table: pd.DataFrame,
    *,
    id: str = "changes-table",
    caption: str = "",
    most: int | None = None,
    wide: bool = False,
) -> Table:
    """What changed, by instrument: kind, entry, and the words that went and came."""
    known = table[table["kind"] != "unknown-before"].sort_values(["date", "instrument"], kind="stable")
    rows: list[Any] = []
    marks: list[str] = []
    done = 0
    for (date, instrument), part in known.groupby(["date", "instrument"], sort=False):
        if most is not None and done >= most:
            break
        exact = bool(part["exact"].all())
        title = f"{'' if exact else 'On or before '}{day(date)}"
        rows.append({"heading": [title + ": ", _cite(instrument)] if instrument else title})
        for (kind, _, code), group in part.groupby(["kind", "layer", "code"], sort=False):
            if most is not None and done >= most:
                break
            done += 1
            first = group.iloc[0]
            mark = grade_mark(first["grade"])
            marks.append(mark)
            code_: Run = (
                {"text": "(no code)", "mark": "muted"}
                if code.startswith("unnumbered/")
                else {"text": code, "mark": "code"}
            )
            rows.append([code_, _KIND_WORDS[kind] + mark, first["label"], _what(library, kind, group)])
    columns = [
        column("code", "Entry", 1.1),
        column("kind", "Change", 1.2),
        column("label", "Subject", 2),
        column("what", "What", 5),
    ]
    entries_ = len(known.drop_duplicates(["kind", "layer", "code", "date", "instrument"]))
    redlines = any(r is not None for r in known["redline"])
    notes = [*(["Underlined words came, struck words went."] if redlines else []), *grade_notes(marks)]
    if done < entries_:
        notes.append(_more(entries_ - done, "change"))
    flat = table.drop(columns=["redline"])
    return Table(id, caption or "What changed", columns, rows, list(notes), wide=wide, data=tidy(flat))


def _what(library: Library, kind: str, group: pd.DataFrame) -> Cell:
    if kind in ("added", "ended", "displaced", "marked"):
        row = group.iloc[0]
        after = capital(told(library, row["after"]))
        if kind in ("added", "marked"):
            return after
        return f"{after}{_ground(library, row)}. It read: {row['before']}"
    cell: list[str | Run] = []
    for number, row in enumerate(group.to_dict("records")):
        if number:
            cell.append("\n")
        cell.append({"text": f"{capital(_FIELD_WORDS[row['field']])}: ", "mark": "strong"})
        cell += redlined(row["redline"])
    return cell


def _ground(library: Library, row: pd.Series) -> str:
    """Why an instrument takes an entry out, as its effect notes it."""
    if not row["instrument"]:
        return ""
    effects = library.instrument(row["instrument"]).effects
    note = next((e.note for e in effects if e.note and row["code"] in (e.parts or [])), "")
    return f" ({note})" if note else ""


def redlined(line: Redline) -> list[str | Run]:
    """A redline as runs with ins and del marks."""
    marks = {"inserted": "ins", "deleted": "del"}
    cell: list[str | Run] = []
    for piece in line.pieces:
        cell.append(piece.text if piece.kind == "same" else {"text": piece.text, "mark": marks[piece.kind]})
        if piece.kind == "deleted":
            cell.append(" ")
    return cell


def groups(
    table: pd.DataFrame,
    key: str,
    heading: str,
    *,
    id: str = "groups",
    caption: str = "",
    labels: dict[str, str] | None = None,
) -> Table:
    """Counts of statements per group of frames."""
    names = SIDE_NAMES if labels is None else labels
    rows = [
        [
            names.get(str(r[key]), str(r[key])),
            *(int(r[g]) for g in ("security", "mixed", "human-rights", "other", "none", "total")),
        ]
        for r in table.to_dict("records")
    ]
    columns = [
        column(key, heading, 3),
        column("security", "Security", 1, "right"),
        column("mixed", "Both", 1, "right"),
        column("rights", "Human rights", 1, "right"),
        column("other", "Other", 1, "right"),
        column("none", "No reason", 1, "right"),
        column("total", "Statements", 1, "right"),
    ]
    return Table(id, caption or "Statements by group of reasons", columns, rows, data=tidy(table))


def sets(table: pd.DataFrame, *, id: str = "sets-table") -> Table:
    """Complete sets with counts, and shares where five units or more state a reason."""
    rows = []
    for r in table.to_dict("records"):
        enough = r["share_security"] is not None and not pd.isna(r["share_security"])
        balance = "" if not enough or r["balance"] is None or pd.isna(r["balance"]) else f"{r['balance']:+.2f}"
        rows.append(
            [
                [_cite(r["document"]), f", {r['genre'].replace('-', ' ')}{' *' if r['operative'] else ''}"],
                int(r["units"]),
                int(r["justified"]),
                int(r["security"]),
                int(r["mixed"]),
                int(r["human-rights"]),
                int(r["other"]),
                f"{percent(r['share_security'])} / {percent(r['share_rights'])}" if enough else "counts only",
                balance,
            ]
        )
    columns = [
        column("set", "Complete set", 4),
        column("units", "Units", 1, "right"),
        column("justified", "With a frame", 1, "right"),
        column("security", "Security", 1, "right"),
        column("mixed", "Both", 1, "right"),
        column("rights", "Human rights", 1, "right"),
        column("other", "Other", 1, "right"),
        column("shares", "Security / rights", 1.5, "right"),
        column("balance", "Balance", 1, "right"),
    ]
    notes: list[Cell] = [
        "Shares are of units with a frame; a unit that names both counts on both sides. Balance: (S - H) / (S + H). "
        "Under five units with a frame: counts only.",
        *(
            ["* Articles: the purposes that they state, which are no justifications."]
            if table["operative"].any()
            else []
        ),
    ]
    return Table(id, "Complete sets, unit by unit (security counted narrowly)", columns, rows, notes, data=tidy(table))


def statements(
    table: pd.DataFrame,
    *,
    id: str = "statements",
    caption: str = "Statements",
    most: int | None = None,
    wide: bool = False,
) -> Table:
    """Statements with their actor, paraphrase and frames."""
    rows: list[Any] = []
    marks: list[str] = []
    shown = table if most is None else table.head(most)
    for r in shown.to_dict("records"):
        mark = grade_mark(r["grade"])
        marks.append(mark)
        voice = "" if r["voice"] == "own" else f" ({r['voice']})"
        rows.append(
            [
                day(r["date"]),
                r["actor_name"] + voice,
                [r["paraphrase"] + mark, " ", _cite(r["document"], r["pinpoint"])],
                ", ".join(r["frames"]) or "none",
                STANCES.get(r["stance"], r["stance"]),
            ]
        )
    columns = [
        column("date", "Date", 1.3),
        column("actor", "Who", 1.8),
        column("paraphrase", "What (our paraphrase)", 5),
        column("frames", "Frames", 1.2),
        column("stance", "Stance", 0.9),
    ]
    notes = list(grade_notes(marks))
    if len(shown) < len(table):
        notes.insert(0, _more(len(table) - len(shown), "statement"))
    return Table(id, caption, columns, rows, notes, wide=wide, data=tidy(table))


def agreement(
    table: pd.DataFrame,
    library: Library | None = None,
    *,
    id: str = "agreement-table",
    caption: str = "Consistency of the two coding passes",
) -> Table:
    """Agreement per frame: share of statements alike, alpha and its interval."""
    names = {"set": "whole set (MASI distance)", "dominant": "dominant frame"}
    frames = (
        {}
        if library is None
        else {f: f"{f}: {library.vocabulary.frames[f].label.en}" for f in library.vocabulary.frames}
    )

    def figure(value: Any) -> str:
        return "" if value is None or pd.isna(value) else f"{value:.2f}"

    rows = [
        [
            names.get(r["measure"], frames.get(r["measure"], r["measure"])),
            "" if pd.isna(r["present"]) else int(r["present"]),
            percent(r["agreement"]),
            figure(r["alpha"]),
            f"{figure(r['low'])} to {figure(r['high'])}" if figure(r["low"]) else "",
        ]
        for r in table.to_dict("records")
    ]
    columns = [
        column("measure", "Measure", 2.5),
        column("present", "Codings with it", 1, "right"),
        column("agreement", "Alike", 1, "right"),
        column("alpha", "Alpha", 1, "right"),
        column("interval", "95 % interval", 1.4, "right"),
    ]
    units = int(table["units"].max()) if len(table) else 0
    note = f"{units} statements, each coded twice. Krippendorff's alpha; interval by resampling statements."
    return Table(id, caption, columns, rows, [note], data=tidy(table))


def disagreements(table: pd.DataFrame, *, id: str = "disagreements", most: int | None = None) -> Table:
    """Statements coded differently, with both codes and the ruling."""
    shown = table if most is None else table.head(most)
    rows = [
        [
            [r["paraphrase"], " ", _cite(r["document"], r["pinpoint"])],
            r["a"],
            r["b"],
            r["agreed"] or "open",
            r["ruling"],
        ]
        for r in shown.to_dict("records")
    ]
    columns = [
        column("paraphrase", "Statement", 4),
        column("a", "First", 1),
        column("b", "Second", 1),
        column("agreed", "Ruled", 1),
        column("ruling", "Why", 3),
    ]
    notes = [_more(len(table) - len(shown), "statement")] if len(shown) < len(table) else []
    return Table(id, "Where the two passes differ", columns, rows, notes, wide=True, data=tidy(table))


def stated(table: pd.DataFrame, *, id: str = "stated") -> Table:
    """Mechanisms by side: how many own justifications name a reason, and which frames."""
    sides = list(dict.fromkeys(table["side"]))
    by = {(r.mechanism, r.side): r for r in table.itertuples()}
    rows: list[Any] = []
    for r in table.drop_duplicates("mechanism").itertuples():
        cells: list[Cell] = [r.label]
        for side in sides:
            one = by[r.mechanism, side]
            empty: Run = {"text": "none on record", "mark": "muted"}
            cells.append(f"{one.statements}: {', '.join(one.frames[:4])}" if one.statements else empty)
        rows.append(cells)
    columns = [column("mechanism", "Mechanism", 2), *(column(s, SIDE_NAMES.get(s, s), 2) for s in sides)]
    note = "Number of statements: their frames, most frequent first. The codebook explains the codes."
    return Table(id, "Reasons stated for each mechanism", columns, rows, [note], data=tidy(table))


def spread(table: pd.DataFrame, *, id: str = "spread") -> Table:
    """Complete sets under each coding, narrowly counted: how far the figures depend on the coder."""
    rows = []
    for name, part in table.groupby("set", sort=False):
        by = {r["coding"]: r for r in part.to_dict("records")}
        cells: list[Cell] = [by["first"].get("label", name), int(by["first"]["units"])]
        for coding in ("first", "second", "agreed"):
            r = by[coding]
            cells.append(f"{r['security']} / {r['mixed']} / {r['human-rights']} / {r['other']}")
        rows.append(cells)
    columns = [
        column("set", "Complete set", 3),
        column("units", "Units", 0.8, "right"),
        column("first", "First pass", 1.6, "right"),
        column("second", "Second pass", 1.6, "right"),
        column("agreed", "Agreed", 1.6, "right"),
    ]
    note = "Units by group: security / both / human rights / other. No sampling interval: the sets are complete."
    return Table(id, "How far the figures depend on the coding", columns, rows, [note], data=tidy(table))


def codebook(library: Library, used: Iterable[str] | None = None, *, id: str = "codebook") -> Table:
    """The frames with their definitions."""
    frames = library.vocabulary.frames
    wanted = set(used) if used is not None else set(frames)
    rows = [
        [f, frames[f].label.en, frames[f].group.replace("-", " "), frames[f].definition]
        for f in frames
        if f in wanted or any(frames[w].parent == f for w in wanted if w in frames)
    ]
    columns = [
        column("id", "Code", 0.8),
        column("label", "Frame", 2),
        column("group", "Group", 1.2),
        column("definition", "Definition", 5),
    ]
    version = library.vocabulary.codebook.version if library.vocabulary.codebook else ""
    return Table(id, f"Codebook, version {version}", columns, rows, row_headers=1)


def regimes(sides: Sequence[Side], *, id: str = "regimes") -> Table:
    """The regimes of the sides: authority, what they are, until when they were verified."""
    rows: list[Any] = []
    for data in {r.id: r for side in sides for r in side.regimes}.values():
        meta = data.meta
        rows.append([meta.name, meta.authority, meta.about, day(meta.verified_until)])
    columns = [
        column("name", "Regime", 1.6),
        column("authority", "Authority", 2),
        column("about", "What it is", 5),
        column("verified", "Verified until", 1.2),
    ]
    return Table(id, "The regimes compared", columns, rows)


def instruments(
    library: Library, names: Iterable[str], *, id: str = "instruments", caption: str = "Instruments"
) -> Table:
    """Instruments by date with what they do to others."""
    rows: list[Any] = []
    found = sorted((library.instrument(n) for n in names), key=lambda i: (i.dates.first, i.id))
    for one in found:
        effects = "; ".join(
            f"{e.kind.replace('-', ' ')} {short_name(library.instrument(e.on))}"
            f"{' (' + ', '.join(e.parts) + ')' if e.parts else ''} from {day(e.from_)}"
            f"{' until ' + day(e.until) if e.until else ''}"
            for e in one.effects
        )
        rows.append(
            [
                day(one.dates.first),
                [one.title, " ", _cite(one.id)],
                one.kind.replace("-", " "),
                one.summary or "",
                effects,
            ]
        )
    columns = [
        column("date", "Date", 1.2),
        column("title", "Instrument", 3),
        column("kind", "Kind", 1),
        column("summary", "What it does", 4),
        column("effects", "Effects", 2),
    ]
    return Table(id, caption, columns, rows, wide=True)


def events(table: pd.DataFrame, *, id: str = "events", caption: str = "Events") -> Table:
    rows = [
        [
            day(r["date"]),
            [
                {"text": r["title"], "mark": "strong"},
                f"\n{r['text']}",
                *(x for i in r["instruments"][:2] for x in (" ", _cite(i))),
            ],
            r["kind"],
        ]
        for r in table.to_dict("records")
    ]
    columns = [column("date", "Date", 1.3), column("event", "Event", 6), column("kind", "Kind", 1)]
    return Table(id, caption, columns, rows, data=tidy(table))
