"""The comparison of two sides as text for a terminal: what ``regimes compare`` prints."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.compare.compare_sides import Scope
from analysis.compare.differences import FIELDS
from analysis.compare.scope import short
from analysis.compare.suggest import why
from analysis.encoding.library import Library
from analysis.encoding.sides import Side
from analysis.present.citations import short_name
from analysis.present.sentences import OUTSIDE
from analysis.present.words import GRADE_NOTES, capital, count, day, grade_mark, listed

_WIDTH = 100
RELATIONS = {
    "exactMatch": "same scope",
    "closeMatch": "nearly the same",
    "broadMatch": "the second is broader",
    "narrowMatch": "the first is broader",
    "relatedMatch": "related",
}


def report(library: Library, found: Scope, source: str, most: int = 60) -> str:
    """The whole comparison; ``source`` says where the day comes from, ``most`` limits each list."""
    what = library.vocabulary.technologies[found.technology].label.en if found.technology else "all technologies"
    lines = [f"{found.a.label} and {found.b.label}: {what}, on {day(found.as_of)} ({source})", *_sides(found)]
    lines += _head(f"Pairs in force ({len(found.pairs)})")
    if not len(found.pairs):
        lines.append("  No pair of entries that stand on this day is mapped.")
    for r in found.pairs.head(most).to_dict("records"):
        lines += _pair(library, r)
    lines += _more(found.pairs, most)
    if len(found.together):
        lines += _head("Several entries together")
        for r in found.together.to_dict("records"):
            lines += _wrapped(
                "", f"{capital(str(r['sentence']))} ({r['verdict']}; {r['code']} and {', '.join(r['others'])})"
            )
    if len(found.course):
        lines += _head("How it ran")
        lines += _course(library, found.course, most)
    for table, side, other in ((found.only_a, found.a, found.b), (found.only_b, found.b, found.a)):
        lines += _head(f"Only {side.label}, or not yet mapped to {other.label} ({len(table)})")
        lines += _only(library, table, most)
    if len(found.suggestions):
        lines += _head("Suggestions for entries without a pair (computed, not judged)")
        for r in found.suggestions.head(most).to_dict("records"):
            lines += _suggestion(r)
        lines += _more(found.suggestions, most)
    body = "\n".join(lines)
    return "\n".join([body, "", *_notes(found, body)])


def _sides(found: Scope) -> list[str]:
    made = []
    for side in (found.a, found.b):
        if side.verified_until < side.as_of:
            made += _wrapped(
                "", f"{side.label} was last verified on {day(side.verified_until)}; later changes may be missing."
            )
    return made


def _head(text: str) -> list[str]:
    return ["", text, "-" * min(len(text), _WIDTH)]


def _more(table: pd.DataFrame, most: int) -> list[str]:
    left = len(table) - most
    return [f"  and {left} more (--most shows more, --json all)"] if left > 0 else []


def _wrapped(label: str, text: str, indent: int = 2) -> list[str]:
    head = " " * indent + (f"{label:<11} " if label else "")
    return textwrap.wrap(text, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)


def entry(layer: str, code: str, label: str) -> str:
    """An entry with its issuer: ``US 3B993.f.1``, by its label where the source gives no code."""
    return f"{short(layer)} “{label}”" if code.startswith("unnumbered/") else f"{short(layer)} {code}"


def cited(library: Library, instrument: str) -> str:
    """What an instrument is called, in full where its short name would be a beginning of its title."""
    record = library.instrument(instrument)
    name = short_name(record)
    return record.title if name.endswith("...") else name


def _days(text: str) -> str:
    """Dates inside a computed text as a reader writes them."""
    return re.sub(r"(?<![\w-])[0-9]{4}-[0-9]{2}-[0-9]{2}\b(?!-)", lambda m: day(m.group()), text)


def _since(library: Library, r: Mapping[str, Any], end: str) -> str:
    start = "on or before " if r[f"since_start_{end}"] != "exact" else "since "
    dates = grade_mark(r[f"grade_dates_{end}"])
    by, pinpoint = cited(library, r[f"by_{end}"]), str(r[f"pinpoint_{end}"])
    source = pinpoint if by in pinpoint else by if pinpoint in by else f"{by}, {pinpoint}"
    return f"{start}{day(r[f'since_{end}'])}{dates}, {source}"


def _pair(library: Library, r: Mapping[str, Any]) -> list[str]:
    one, two = (entry(r[f"layer_{e}"], r[f"code_{e}"], r[f"label_{e}"]) for e in "ab")
    mark = grade_mark(r["mapped_grade"])
    lines = ["", f"  {one}  |  {two}"]
    lines += _wrapped("relation", f"{r['relation']} ({RELATIONS[r['relation']]}){mark}: {r['reason']}", 4)
    lines += _wrapped("numbers", f"{r['verdict']}{grade_mark(r['grade'])}: {capital(str(r['sentence']))}", 4)
    for end, name in (("a", one), ("b", two)):
        text = f"{r[f'label_{end}']}: {r[f'thresholds_{end}']}{grade_mark(r[f'grade_thresholds_{end}'])}"
        lines += _wrapped(short(r[f"layer_{end}"]), f"{text}; {_since(library, r, end)}", 4)
        if r[f"marks_{end}"]:
            lines += _wrapped("", f"{name}: {_days(r[f'marks_{end}'])}", 16)
    lines += _wrapped("first", first_listed(library, r), 4)
    for field in FIELDS:
        if r[f"diff_{field}"]:
            lines += _wrapped("differs", r[f"diff_{field}"], 4)
    return lines


def first_listed(library: Library, r: Mapping[str, Any]) -> str:
    """Who listed the item first, in one sentence; under which code where that was an older one."""
    parts = []
    for end in "ab":
        if not r[f"listed_{end}"]:
            continue
        when = "" if r[f"exact_{end}"] else "on or before "
        older = f", then in {r[f'via_{end}']}" if r[f"via_{end}"] not in ("", r[f"code_{end}"]) else ""
        by = cited(library, r[f"instrument_{end}"])
        parts.append(f"{short(r[f'layer_{end}'])} {when}{day(r[f'listed_{end}'])} ({by}{older})")
    first = r.get("first_side", r.get("first"))
    days, least = r["days_effective"], r["at_least"]
    if first == "same":
        end = "on the same day"
    elif first in ("a", "b") and days is not None and not pd.isna(days):
        end = f"{short(r[f'layer_{first}'])} came {abs(int(days))} days before"
    elif first in ("a", "b") and least is not None and not pd.isna(least):
        end = f"{short(r[f'layer_{first}'])} came first, by {int(least)} days at the least"
    else:
        end = "who was first is not known"
    kind = {"implementation": "; both carry out a decision of a regime"}.get(str(r["kind"]), "")
    return f"{'; '.join(parts)}: {end}{kind}."


def _course(library: Library, table: pd.DataFrame, most: int) -> list[str]:
    lines: list[str] = []
    shown: dict[tuple[object, ...], list[str]] = {}
    for _, part in table.groupby("group", sort=False):
        rows = part.to_dict("records")
        # Paragraphs that one rule listed on one day run alike: the first is told, the others are named.
        key = tuple((r["date"], r["layer"], r["kind"], r["instrument"], r["verdict"]) for r in rows)
        shown.setdefault(key, []).append(str(rows[0]["group"]))
    groups = {str(g): part for g, part in table.groupby("group", sort=False)}
    for number, (_, names) in enumerate(shown.items()):
        if number >= most:
            lines.append(f"  and {len(shown) - most} more (--most shows more, --json all)")
            break
        rows = groups[names[0]].to_dict("records")
        lines += ["", *_wrapped("", str(rows[0]["title"]))]
        for date in dict.fromkeys(r["date"] for r in rows):
            today = [r for r in rows if r["date"] == date]
            for r in today:
                when = ("" if r["exact"] else "on or before ") + day(str(date))
                by = f" [{cited(library, r['instrument'])}]" if r["instrument"] else ""
                text = f"{_days(r['text'])}{grade_mark(r['grade_numbers'])}"
                lines += _wrapped("", f"{when}{grade_mark(r['grade'])}: {text}{by}", 4)
            verdict = str(today[0]["verdict"])
            head = "" if verdict.startswith("only-") or verdict == "neither" else f"{verdict}: "
            lines += _wrapped("", f"=> {head}{capital(str(today[0]['sentence']))}", 8)
        if len(names) > 1:
            same = [str(groups[n]["title"].iloc[0]).split(":")[0] for n in names[1:]]
            lines += _wrapped("", f"The same course: {listed(same)}.", 4)
    return lines


def _only(library: Library, table: pd.DataFrame, most: int) -> list[str]:
    if not len(table):
        return ["  nothing"]
    lines: list[str] = []
    for r in table.head(most).to_dict("records"):
        start = "on or before " if r["start"] != "exact" else "since "
        by = cited(library, r["by"])
        code = entry(r["layer"], r["code"], r["label"])
        label = "" if r["code"].startswith("unnumbered/") else f" {r['label']}"
        marks = "".join(f"; {_days(r[k])}" for k in ("marks", "former") if r[k])
        text = (
            f"{code}{label}: {r['thresholds']}{grade_mark(r['grade_thresholds'])}; "
            f"{start}{day(r['since'])}{grade_mark(r['grade_dates'])}, {by}; origin {r['origin']}{marks}"
        )
        lines += textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
    return [*lines, *_more(table, most)]


def _suggestion(r: Mapping[str, Any]) -> list[str]:
    one, two = (entry(r[f"layer_{e}"], r[f"code_{e}"], r[f"label_{e}"]) for e in "ab")
    text = f"{r['score']:.2f}  {one} ({r['label_a']})  |  {two} ({r['label_b']}): {why(r)}"
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="        ", break_on_hyphens=False)


def suggestions(table: pd.DataFrame, a: Side, b: Side, source: str, most: int = 60) -> str:
    """Suggestions as text, best first; curated pairs are counted, not shown."""
    open_ = table[~table["curated"].astype(bool)] if len(table) else table
    known = len(table) - len(open_)
    lines = [f"Suggested pairs of {a.label} and {b.label} on {day(a.as_of)} ({source}); computed, not judged"]
    for r in open_.head(most).to_dict("records"):
        lines += _suggestion(r)
    if not len(open_):
        lines.append("  nothing scores as much")
    lines += _more(open_, most)
    if known:
        lines.append(
            f"  {capital(count(known, 'curated pair'))} would be suggested as well and {'is' if known == 1 else 'are'} not shown."
        )
    return "\n".join(lines)


def _notes(found: Scope, body: str) -> list[str]:
    used: Iterable[str] = [note for mark, note in GRADE_NOTES.items() if mark in body]
    notes: Sequence[str] = [
        "Relations are curated; verdicts compare numbers and yes/no conditions only, and read from the first side to the second.",
        *used,
        OUTSIDE,
    ]
    return [line for note in notes for line in textwrap.wrap(note, _WIDTH)]
