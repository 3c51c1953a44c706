"""Tables of products: the verdicts by side on a day, and the licence question for a destination."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.compare.licences import LicenceAnswer
from analysis.compare.products import NOTICE
from analysis.encoding.library import Library
from analysis.present.bundles import Table
from analysis.present.tables import column, tidy
from analysis.present.words import day, grade_mark, grade_notes
from analysis.protocol import Cell


def verdicts(table: pd.DataFrame, as_of: str, *, id: str = "products-table", caption: str = "") -> Table:
    """Products by side from :func:`analysis.compare.products.verdicts`: verdict, entry, since when."""
    sides = table[["side", "side_label"]].drop_duplicates().values.tolist()
    by = {(r.product, r.side): r for r in table.itertuples()}
    marks: list[str] = []
    rows: list[Any] = []
    for r in table.drop_duplicates("product").itertuples():
        cells: list[Cell] = [f"{r.name} ({r.year})" if r.year else str(r.name)]
        for side, _ in sides:
            cells.append(_cell(by[r.product, side], marks))
        rows.append(cells)
    columns = [column("product", "Product", 2), *(column(s, label, 1.8) for s, label in sides)]
    return Table(
        id,
        caption or f"Which side would catch which product on {day(as_of)}",
        columns,
        rows,
        [
            f"{NOTICE} “No” gives the entry that came nearest; “cannot say” means that a figure of the product or a limit of "
            "an entry is not known. Entries for anti-terrorism reasons alone are not counted.",
            *grade_notes(marks),
        ],
        wide=len(sides) > 3,
        data=tidy(table),
    )


def _cell(r: Any, marks: list[str]) -> Cell:
    mark = grade_mark(r.grade)
    marks.append(mark)
    code = "national entry" if r.code.startswith("unnumbered/") else r.code
    if r.verdict == "yes":
        start = f"{'on or before' if r.censored else 'since'} {r.listed_since or r.since}"
        return [{"text": f"yes{mark}", "mark": "strong"}, f" {code}, {start}"]
    if r.verdict == "no":
        return f"no{mark}" + (f" (nearest: {code})" if code else "")
    return {"text": f"cannot say{mark}" + (f" ({code})" if code else ""), "mark": "muted"}


def licences(
    library: Library, answers: Sequence[LicenceAnswer], *, id: str = "licences-table", caption: str = ""
) -> Table:
    """One row per product and side: the answer, why, and what lies beside the list."""
    rows: list[Any] = []
    data: list[list[Any]] = []
    for a in answers:
        name = library.products[a.product].name if a.product in library.products else a.product
        beside = [library.vocabulary.mechanisms[p.mechanism].label.en for p in (*a.end_uses, *a.end_users)]
        shown = "; ".join(dict.fromkeys(beside)) or "none encoded"
        rows.append([name, a.side, {"text": a.answer.replace("-", " "), "mark": "strong"}, a.because, shown])
        data.append([a.product, a.side, a.destination, a.as_of, a.answer, a.because, shown])
    places = sorted({library.vocabulary.destinations[a.destination].label.en for a in answers})
    columns = [
        column("product", "Product", 1.4),
        column("side", "Side", 1),
        column("answer", "Licence", 1.1),
        column("because", "Why", 3),
        column("beside", "Apart from the list", 2),
    ]
    notes = [NOTICE, *dict.fromkeys(n for a in answers for n in a.notes)]
    keys = "product side destination as_of answer because beside".split()
    title = caption or f"Licences for {', '.join(places)}, as the encoded rows read"
    return Table(id, title, columns, rows, notes, wide=True, row_headers=2, data=(keys, data))
