"""``regimes product``: which regimes would catch a product, since when and why; with ``--to`` the licence question."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import click

from analysis.cli.days import day_of
from analysis.compare.products import (
    NOTICE,
    Answer,
    LicenceAnswer,
    licence,
    life,
    product_of,
    regimes,
    would_catch,
)
from analysis.encoding.forms import Product, weakest
from analysis.encoding.library import Library, load
from analysis.encoding.sides import Side, resolve
from analysis.present.words import GRADE_MARKS, day

_WIDTH = 100
_IN = "      "


@click.command("product")
@click.argument("product", required=False)
@click.option("--as-of", help="The day to answer for (YYYY-MM-DD; default: that of reports/plan.yaml).")
@click.option("--to", "destination", help="A destination (ISO code): is a licence needed?")
@click.option(
    "--regime", "sides", multiple=True, help="Only this regime or side, e.g. us-ear or law-in:nl (repeatable)."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per regime, as a list.")
@click.pass_obj
def product_command(
    root: str | None,
    product: str | None,
    as_of: str | None,
    destination: str | None,
    sides: tuple[str, ...],
    as_json: bool,
) -> int:
    """Show the life of a PRODUCT across regimes, e.g. nvidia-h100-sxm; without a product, list them.

    An illustration for comparison, not a classification or advice.
    """
    library = load(root)
    if product is None:
        for known in library.products.values():
            click.echo(f"{known.id}  {known.name}  {', '.join(known.technologies)}")
        return 0
    record = product_of(library, product)
    date, _ = day_of(library, as_of)
    resolved = [resolve(library, s, date) for s in sides or regimes(library)]
    answers = [would_catch(library, record, side, date) for side in resolved]
    asked = [licence(library, record, side, destination, date) for side in resolved] if destination else []
    if as_json:
        rows = [_json(a) for a in answers]
        for row, one in zip(rows, asked, strict=False):
            row["licence"] = _licence_json(one)
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        click.echo(NOTICE, err=True)
        return 0
    lines = _product(record)
    lines += ["", f"on {day(date)}"]
    for side, answer in zip(resolved, answers, strict=True):
        lines += _answer(side, answer)
    if asked:
        place = library.vocabulary.destinations[asked[0].destination].label.en
        lines += ["", f"a licence for {place}?"]
        for side, one in zip(resolved, asked, strict=True):
            lines += _licence(library, side, one)
        lines += [f"{_IN[:2]}{note}" for note in dict.fromkeys(n for one in asked for n in one.notes)]
    else:
        lines += ["", "through time"]
        table = life(library, record, [s for s in resolved if any(library.regimes[n].controls for n in s.layers)], date)
        for label, part in table.groupby("side_label", sort=False):
            lines.append(f"  {label}")
            for r in part.to_dict("records"):
                until = f"to {r['until']}" if r["until"] else " " * len("to 2026-11-22")
                lines.append(f"{_IN}{r['from']} {until}  {_word(r['verdict'])}  {r['code']}".rstrip())
    lines += ["", NOTICE]
    click.echo("\n".join(lines))
    return 0


def _json(answer: Answer) -> dict[str, Any]:
    return {
        "regime": answer.side,
        "verdict": answer.verdict,
        "code": answer.code,
        "since": answer.since,
        "because": answer.because,
    }


def _licence_json(one: LicenceAnswer) -> dict[str, Any]:
    return {
        "destination": one.destination,
        "answer": one.answer,
        "because": one.because,
        "pinpoints": list(dict.fromkeys(r.record.pinpoint for r in one.rows if r.applies is not False)),
        "authorisations": list(dict.fromkeys(w.record.id for w in one.ways if w.reach == "reaches")),
        "end_uses": [{"id": p.id, "pinpoint": p.pinpoint} for p in one.end_uses],
        "end_users": [{"id": p.id, "pinpoint": p.pinpoint} for p in one.end_users],
    }


def _product(record: Product) -> list[str]:
    about = ", ".join(x for x in (record.maker, record.year or "") if x)
    lines = [
        f"{record.name} ({about})",
        f"  {', '.join([*([record.kind] if record.kind else []), *record.technologies])}",
    ]
    lines.append(f"  {record.place}")
    for one in record.properties:
        words = {"at-least": "at least ", "more-than": "more than ", "at-most": "at most ", "less-than": "less than "}
        value = f"{words.get(one.bound or '', '')}{one.value}{' ' + one.unit if one.unit else ''}"
        mark = GRADE_MARKS[weakest(one.evidence)]
        lines += _wrapped(f"{one.quantity} {value}{mark}" + (f" ({one.note})" if one.note else ""), "    ")
    if record.properties:
        lines.append("    ‡ from a secondary source, † not verified")
    return lines


def _answer(side: Side, answer: Answer) -> list[str]:
    lines = [f"  {side.label:<14} {_word(answer.verdict).rstrip()}"]
    if answer.code:
        label = next(c.label for c in answer.details if (c.layer, c.code) == (answer.layer, answer.code))
        named = label if answer.code.startswith("unnumbered/") else f"{answer.code} {label}"
        if answer.verdict == "yes":
            named += f", {'on or before' if answer.censored else 'since'} {day(answer.since or '')}"
        elif answer.verdict == "no":
            named = f"nearest: {named}"
        lines += _wrapped(named + GRADE_MARKS.get(answer.grade or "", ""), _IN)
    return [*lines, *_wrapped(answer.because, _IN)]


def _licence(library: Library, side: Side, one: LicenceAnswer) -> list[str]:
    lines = [f"  {side.label:<14} {one.answer.replace('-', ' ')}", *_wrapped(one.because, _IN)]
    for title, provisions in (("apart from the list, by end use", one.end_uses), ("by end user", one.end_users)):
        groups: dict[str, list[str]] = {}
        for p in provisions:
            groups.setdefault(library.vocabulary.mechanisms[p.mechanism].label.en, []).append(p.pinpoint)
        for label, pinpoints in groups.items():
            lines += _wrapped(f"{title}: {label}: {'; '.join(pinpoints)}", _IN)
    return lines


def _word(verdict: str) -> str:
    return f"{verdict.replace('-', ' '):<10}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
