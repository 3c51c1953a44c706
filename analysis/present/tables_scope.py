"""Readable tables of a comparison of scope: differences, courses, what one side has, suggestions, lead and lag."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.compare.compare_sides import Scope
from analysis.compare.differences import FIELDS
from analysis.compare.leadlag import BASES, Basis
from analysis.compare.scope import short
from analysis.compare.suggest import why
from analysis.encoding.library import Library
from analysis.present.bundles import Table
from analysis.present.figures.leadlag import HEADS
from analysis.present.scope_text import RELATIONS, entry, first_listed
from analysis.present.tables import column, tidy
from analysis.present.words import capital, count, day, grade_mark, grade_notes, listed
from analysis.protocol import Cell, Run


def _cite(instrument: str, pinpoint: str = "") -> Run:
    return {"cite": [{"id": instrument, "pinpoint": pinpoint}] if pinpoint else [instrument]}


def _code(layer: str, code: str, label: str) -> Run:
    return {"text": entry(layer, code, label), "mark": "strong"}


def _label(code: str, label: str) -> str:
    """The label after a code; nothing where the label stands for the code."""
    return "" if code.startswith("unnumbered/") else f"\n{label}"


def _days(text: str) -> str:
    return re.sub(r"(?<![\w-])[0-9]{4}-[0-9]{2}-[0-9]{2}\b(?!-)", lambda m: day(m.group()), text)


def _left_out(table: pd.DataFrame, shown: int) -> list[Cell]:
    left = len(table) - shown
    return [f"{capital(count(left, 'row is', 'rows are'))} only in the data files."] if left > 0 else []


def pairs(library: Library, found: Scope, *, id: str = "pairs", caption: str = "", most: int | None = None) -> Table:
    """Curated pairs with the verdict on numbers and who listed first."""
    rows: list[Any] = []
    marks: list[str] = []
    part = found.pairs if most is None else found.pairs.head(most)
    for r in part.to_dict("records"):
        judged, numbers = grade_mark(r["mapped_grade"]), grade_mark(r["grade"])
        marks += [judged, numbers]
        rows.append(
            [
                [_code(r["layer_a"], r["code_a"], r["label_a"]), "\n", _code(r["layer_b"], r["code_b"], r["label_b"])],
                [{"text": RELATIONS[r["relation"]] + judged, "mark": "strong"}, f"\n{r['reason']}"],
                [
                    {"text": r["verdict"].replace("-", " ") + numbers, "mark": "strong"},
                    f"\n{capital(str(r['sentence']))}",
                ],
                first_listed(library, r),
            ]
        )
    columns = [
        column("entries", "Entries", 1.5),
        column("relation", "Relation (curated)", 2.4),
        column("verdict", "Numbers (computed)", 2.6),
        column("first", "First listed", 2.4),
    ]
    title = caption or f"Pairs of entries of {found.a.label} (first) and {found.b.label} (second)"
    notes = [*_left_out(found.pairs, len(part)), *grade_notes(marks)]
    return Table(id, title, columns, rows, notes, data=tidy(found.pairs))


def differences(found: Scope, *, id: str = "differences", caption: str = "", most: int = 12) -> Table | None:
    """What else differs (reasons for control, licences, exceptions, origin, who is bound), like pairs told once.

    None where nothing differs.
    """
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for r in found.pairs.to_dict("records"):
        said = tuple(str(r[f"diff_{f}"]) for f in FIELDS if r[f"diff_{f}"])
        if said:
            groups.setdefault(said, []).append(r)
    if not groups:
        return None
    rows: list[Any] = []
    ordered = sorted(groups.items(), key=lambda g: -len(g[1]))
    for said, members in ordered[:most]:
        names = list(dict.fromkeys(entry(r["layer_a"], r["code_a"], r["label_a"]) for r in members))
        shown = names[:5] + ([f"{len(names) - 5} more"] if len(names) > 5 else [])
        rows.append([capital(count(len(members), "pair")), listed(shown), "\n".join(said)])
    columns = [
        column("number", "Pairs", 0.8),
        column("entries", f"Entries of {found.a.label}", 1.8),
        column("differs", "What differs", 6),
    ]
    notes: list[Cell] = []
    if len(ordered) > most:
        rest = sum(len(members) for _, members in ordered[most:])
        notes.append(
            f"{capital(count(rest, 'more pair differs', 'more pairs differ'))} in other ways; see the data files."
        )
    title = caption or f"Beside the numbers: what differs between {found.a.label} and {found.b.label}"
    keep = [*(f"{k}_{e}" for e in "ab" for k in ("layer", "code")), *(f"diff_{f}" for f in FIELDS)]
    return Table(id, title, columns, rows, notes, data=tidy(found.pairs, keep))


def together(found: Scope, *, id: str = "together", caption: str = "") -> Table | None:
    """Entries that meet several of the other side, with the verdict on all of those together; None for none."""
    if not len(found.together):
        return None
    rows = [
        [
            _code(r["layer"], r["code"], r["label"]),
            ", ".join(r["others"]),
            [{"text": r["verdict"].replace("-", " "), "mark": "strong"}, f"\n{capital(str(r['sentence']))}"],
        ]
        for r in found.together.to_dict("records")
    ]
    columns = [
        column("one", "Entry", 1.3),
        column("others", "Meets", 2),
        column("verdict", "Numbers of all together (computed)", 5),
    ]
    return Table(id, caption or "One entry against several together", columns, rows, data=tidy(found.together))


def course(library: Library, found: Scope, *, id: str = "course", caption: str = "", most: int = 12) -> Table | None:
    """How items ran: dated steps with their instruments, and what both sides catch after each; None for none.

    Items of the same course (paragraphs that one rule listed) are told once, the others are named.
    """
    if not len(found.course):
        return None
    rows: list[Any] = []
    marks: list[str] = []
    groups = _same_course(found.course)
    for items in groups[:most]:
        first = items[0].to_dict("records")
        others = [str(i["title"].iloc[0]).split(":")[0] for i in items[1:]]
        head = str(first[0]["title"])
        if others:
            shown = [*others[:6], *([f"{len(others) - 6} more"] if len(others) > 6 else [])]
            head += f". The same course: {listed(shown)}"
        rows.append({"heading": head})
        for date in dict.fromkeys(str(r["date"]) for r in first):
            today = [r for r in first if r["date"] == date]
            what: list[str | Run] = []
            for n, r in enumerate(today):
                dates, numbers = grade_mark(r["grade"]), grade_mark(r["grade_numbers"])
                marks += [dates, numbers]
                what += ["\n"] if n else []
                what += [f"{capital(_days(str(r['text'])))}{numbers} "]
                what += [_cite(r["instrument"], r["pinpoint"])] if r["instrument"] else []
            when = (
                ("" if all(r["exact"] for r in today) else "on or before ")
                + day(date)
                + grade_mark(*(r["grade"] for r in today))
            )
            rows.append([when, what, _after(today[0])])
    columns = [column("date", "Day", 1.3), column("what", "What happened", 5), column("after", "After that day", 3.4)]
    notes: list[Cell] = [*grade_notes(marks)]
    if len(groups) > most:
        notes.insert(
            0, f"{capital(count(len(groups) - most, 'more course is', 'more courses are'))} in the data files."
        )
    title = caption or f"How the items of {found.a.label} and {found.b.label} ran"
    return Table(id, title, columns, rows, notes, data=tidy(found.course))


def _after(r: Mapping[str, Any]) -> Cell:
    verdict, sentence = str(r["verdict"]), capital(str(r["sentence"]))
    if verdict.startswith("only-") or verdict == "neither":
        return sentence
    return [{"text": verdict.replace("-", " "), "mark": "strong"}, f"\n{sentence}"]


def _same_course(table: pd.DataFrame) -> list[list[pd.DataFrame]]:
    found: dict[tuple[object, ...], list[pd.DataFrame]] = {}
    for _, part in table.groupby("group", sort=False):
        key = tuple((r["date"], r["layer"], r["kind"], r["instrument"], r["verdict"]) for r in part.to_dict("records"))
        found.setdefault(key, []).append(part)
    return list(found.values())


def only(
    library: Library, found: Scope, end: str, *, id: str = "", caption: str = "", most: int | None = None
) -> Table:
    """Entries of side ``end`` ("a" or "b") that no pair joins to the other side."""
    table, mine, other = (found.only_a, found.a, found.b) if end == "a" else (found.only_b, found.b, found.a)
    rows: list[Any] = []
    marks: list[str] = []
    part = table if most is None else table.head(most)
    for r in part.to_dict("records"):
        numbers, dates = grade_mark(r["grade_thresholds"]), grade_mark(r["grade_dates"])
        marks += [numbers, dates]
        since = ("on or before " if r["start"] != "exact" else "") + day(r["since"]) + dates
        more = "; ".join(_days(r[k]) for k in ("marks", "former") if r[k])
        rows.append(
            [
                [_code(r["layer"], r["code"], r["label"]), _label(r["code"], r["label"])],
                capital(r["thresholds"]) + numbers,
                capital(r["origin"]),
                [since, " ", _cite(r["by"], r["pinpoint"]), *([f"\n{capital(more)}"] if more else [])],
            ]
        )
    columns = [
        column("entry", "Entry", 2.4),
        column("thresholds", "Threshold", 3),
        column("origin", "Origin", 1),
        column("since", "Since; source", 2.4),
    ]
    notes: list[Cell] = [
        f"No pair joins these entries to {other.label}: either it has nothing of the kind, or nobody has judged it yet.",
        *_left_out(table, len(part)),
        *grade_notes(marks),
    ]
    title = caption or f"Entries of {mine.label} without a counterpart in {other.label}"
    return Table(id or f"only-{end}", title, columns, rows, notes, data=tidy(table))


def suggestions(found: Scope, *, id: str = "suggestions", caption: str = "", most: int = 20) -> Table | None:
    """Candidates for pairs with the parts of their score; None for none. Never mixed with curated pairs."""
    table = found.suggestions
    if not len(table):
        return None
    rows = [
        [
            [_code(r["layer_a"], r["code_a"], r["label_a"]), _label(r["code_a"], r["label_a"])],
            [_code(r["layer_b"], r["code_b"], r["label_b"]), _label(r["code_b"], r["label_b"])],
            f"{r['score']:.2f}",
            why(r),
        ]
        for r in table.head(most).to_dict("records")
    ]
    columns = [
        column("a", found.a.label, 2.4),
        column("b", found.b.label, 2.4),
        column("score", "Score", 0.7, "right"),
        column("why", "What it rests on", 2.6),
    ]
    notes: list[Cell] = [
        "Computed from words, technologies, numbers and codes; nobody has judged these pairs. The parts add up to the score.",
        *_left_out(table, min(most, len(table))),
    ]
    return Table(id, caption or "Suggestions for pairs that nobody has judged", columns, rows, notes, data=tidy(table))


# -- lead and lag ------------------------------------------------------------------------------------------------


def lead_summary(
    table: pd.DataFrame,
    name_a: str,
    name_b: str,
    *,
    by: Basis = "effective",
    id: str = "lead-summary",
    caption: str = "",
) -> Table:
    """Counts and medians by kind of item; ``table`` from ``analysis.compare.leadlag.summary``."""
    rows = []
    for r in table.to_dict("records"):
        median = (
            ""
            if r["median"] is None or pd.isna(r["median"])
            else f"{r['median']:+,.0f} ({r['lowest']:+,d} to {r['highest']:+,d})"
        )
        rows.append(
            [
                HEADS[r["kind"]],
                int(r["items"]),
                f"{r['a_first']} / {r['b_first']} / {r['same_day']}",
                int(r["order_unknown"]),
                f"{r['left']} / {r['right']}",
                int(r["n"]),
                median or "none",
                int(r["instruments"]),
            ]
        )
    columns = [
        column("kind", "Kind of item", 2.6),
        column("items", "Items", 0.7, "right"),
        column("first", f"First: {name_a} / {name_b} / same day", 1.5, "right"),
        column("unknown", "Order unknown", 0.9, "right"),
        column("censored", "Start unknown / not followed", 1.3, "right"),
        column("n", "n", 0.5, "right"),
        column("median", "Median days (range)", 1.5, "right"),
        column("instruments", "Pairs of instruments", 1.1, "right"),
    ]
    notes: list[Cell] = [
        f"By day of {BASES[by]}. Days are positive where {name_a} was first. Medians are over the n items of which both days are "
        "known; items with an unknown start and items that were not followed are counted and enter no median. Items that one "
        "instrument listed together are not independent of each other: the last column counts decisions."
    ]
    if len(table) and int(table["not_independent"].sum()):
        together_ = int(table["not_independent"].sum())
        notes.append(
            f"{capital(count(together_, 'item is', 'items are'))} of regimes that bind in one place and do not act independently."
        )
    return Table(id, caption or f"Who listed first: {name_a} or {name_b}", columns, rows, notes, data=tidy(table))


def lead_cases(
    library: Library, table: pd.DataFrame, *, id: str = "lead-cases", caption: str = "", most: int | None = None
) -> Table:
    """Every case with both first listings; those whose order is known come first within each kind."""
    rows: list[Any] = []
    marks: list[str] = []
    shown = 0
    for kind, head in HEADS.items():
        part = table[table["kind"] == kind]
        if not len(part) or (most is not None and shown >= most):
            continue
        rows.append({"heading": f"{head}: {count(len(part), 'case')}"})
        part = part.assign(_open=part["first"] == "").sort_values("_open", kind="stable")
        for r in part.to_dict("records"):
            if most is not None and shown >= most:
                break
            shown += 1
            rows.append(_case(r, marks))
    columns = [
        column("item", "Item", 2.6),
        column("a", "Listed by", 2.6),
        column("b", "Listed by", 2.6),
        column("first", "First", 1.8),
    ]
    notes: list[Cell] = []
    if len(table) and (~table["counts"].astype(bool)).any():
        notes.append("* The entry has a closer or an earlier counterpart: a case, but in no statistics.")
    if len(table) and (~table["independent"].astype(bool)).any():
        notes.append("° The two regimes bind in one place and do not act independently.")
    notes += [*_left_out(table, shown), *grade_notes(marks)]
    return Table(id, caption or "First listings, case by case", columns, rows, notes, data=tidy(table))


def _case(r: Mapping[str, Any], marks: list[str]) -> list[Cell]:
    label = r["label_a"] or r["label_b"]
    signs = ("" if r["counts"] else " *") + ("" if r["independent"] else " °")
    cells: list[Cell] = [f"{label}{signs}"]
    for end in "ab":
        if not r[f"listed_{end}"]:
            cells.append(f"{short(r[f'layer_{end}'])}: not listed so far")
            continue
        mark = grade_mark(r[f"grade_{end}"])
        marks.append(mark)
        start = "" if r[f"exact_{end}"] else "on or before "
        older = f" (then in {r[f'via_{end}']})" if r[f"via_{end}"] != r[f"code_{end}"] else ""
        name = entry(r[f"layer_{end}"], r[f"code_{end}"], r[f"label_{end}"])
        cells.append([f"{name}{older}: {start}{day(r[f'listed_{end}'])}{mark} ", _cite(r[f"instrument_{end}"])])
    return [*cells, _first(r)]


def _first(r: Mapping[str, Any]) -> str:
    if r["first"] == "":
        return "not known"
    if r["first"] == "same":
        return "same day"
    who = short(r[f"layer_{r['first']}"])
    if r["days_effective"] is not None and not pd.isna(r["days_effective"]):
        return f"{who}, by {abs(int(r['days_effective'])):,} days"
    if "right" in r["censoring"]:
        return f"{who}, not followed"
    return f"{who}, by {int(r['at_least']):,} days at the least"
