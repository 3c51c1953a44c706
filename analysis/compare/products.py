"""Products as probes: which side would catch one, since when, its life through time, and the licence question.

The rules are in :mod:`analysis.compare.catches` (entries), :mod:`analysis.compare.facts` (figures, three-valued) and
:mod:`analysis.compare.licences` (destinations). All of it illustrates a comparison; none of it classifies a product.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.compare.catches import NOTICE, Answer, Catch, Probe, would_catch
from analysis.compare.licences import LicenceAnswer, licence
from analysis.encoding.forms import Product
from analysis.encoding.library import Library, UnknownName
from analysis.encoding.sides import Side, resolve
from analysis.encoding.timeline import day_before

#: The order in which regimes are shown; others follow.
ORDER = ("us-ear", "eu-dual-use", "nl-national", "de-national", "uk-strategic", "wassenaar")
_LIFE = "product name side side_label from until verdict code since censored listed_since because grade".split()


def regimes(library: Library) -> list[str]:
    """All regimes in the order in which they are shown."""
    known = [r for r in ORDER if r in library.regimes]
    return [*known, *(r for r in library.regimes if r not in known)]


def product_of(library: Library, name: str) -> Product:
    """The product of that id (or of that name as printed); raises UnknownName with the nearest valid id."""
    table = library.products
    if name in table:
        return table[name]
    named = {p.name.lower(): p for p in table.values()}
    if name.lower() in named:
        return named[name.lower()]
    raise UnknownName("product", name, [i for i in table if name.lower() in i] or table)


def life(
    library: Library,
    product: str | Product,
    sides: Sequence[str | Side],
    as_of: str | None = None,
    since: str | None = None,
) -> pd.DataFrame:
    """The verdict of each side through time, as intervals, oldest first.

    From ``since`` (default: 1 January of the product's year, or of 2010) to ``as_of`` (default: the last day until which
    any regime was verified). Columns: product, name, side,
    side_label, from, until (last day; "": still so on ``as_of``), verdict (yes, no, cannot-say), code (the entry that
    tells most), since and censored (of that entry), listed_since (of the side, without a break), because, grade. A new row
    starts where the verdict or the entry changes.
    """
    record = product_of(library, product) if isinstance(product, str) else product
    as_of = as_of or max(r.meta.verified_until for r in library.regimes.values())
    first = since or f"{(record.year or '2010')[:4]}-01-01"
    rows: list[dict[str, object]] = []
    for text in sides:
        side = text if isinstance(text, Side) else resolve(library, text, as_of)
        probe = Probe(library, record, side, as_of)
        end = side.as_of
        days = {first, *(s.from_ for x in probe.asked for s in probe.spans(x) if first < s.from_ <= end)}
        for data in side.regimes:
            days |= {f.from_ for f in data.findings.values() if first < f.from_ <= end}
        previous: dict[str, object] | None = None
        for day in sorted(d for d in days if d <= end):
            answer = probe.answer(day)
            if previous and (previous["verdict"], previous["code"]) == (answer.verdict, answer.code or ""):
                continue
            if previous:
                previous["until"] = day_before(day)
            previous = {**_answered(record, side, answer), "from": day, "until": ""}
            rows.append(previous)
    return pd.DataFrame(rows, columns=_LIFE)


def _answered(record: Product, side: Side, answer: Answer) -> dict[str, object]:
    """The columns that ``life`` and ``verdicts`` share."""
    return {
        "product": record.id,
        "name": record.name,
        "side": side.text,
        "side_label": side.label,
        "verdict": answer.verdict,
        "code": answer.code or "",
        "since": answer.since or "",
        "censored": answer.censored,
        "listed_since": answer.listed_since or "",
        "because": answer.because,
        "grade": answer.grade or "",
    }


def verdicts(library: Library, products: Sequence[str], sides: Sequence[str | Side], as_of: str) -> pd.DataFrame:
    """One row per product and side on the day.

    Columns: product, name, maker, year, side, side_label, verdict, code, since, censored, listed_since, because, grade,
    also (further entries that catch it).
    """
    rows = []
    resolved = [s if isinstance(s, Side) else resolve(library, s, as_of) for s in sides]
    for name in products:
        record = product_of(library, name)
        for side in resolved:
            answer = would_catch(library, record, side, as_of)
            rows.append(
                {
                    **_answered(record, side, answer),
                    "maker": record.maker,
                    "year": record.year or "",
                    "also": [c.code for c in answer.caught_by if c.code != answer.code],
                }
            )
    columns = "product name maker year side side_label verdict code since censored listed_since because grade also"
    return pd.DataFrame(rows, columns=columns.split())


__all__ = [
    "NOTICE",
    "ORDER",
    "Answer",
    "Catch",
    "LicenceAnswer",
    "licence",
    "life",
    "product_of",
    "regimes",
    "verdicts",
    "would_catch",
]
