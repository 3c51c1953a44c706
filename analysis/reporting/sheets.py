"""Tables as CSV files and one workbook, in which a code stays a code and no cell is a formula."""

from __future__ import annotations

import csv
import datetime
import io
import re
from pathlib import Path
from typing import Any

from analysis.protocol import clean
from analysis.reporting.blocks import Heading, Table
from analysis.reporting.errors import ReportError
from analysis.reporting.exhibits import plain_text

_FORMULA = ("=", "+", "-", "@")
_NUMBER = re.compile(r"^[+-]?[0-9][0-9.,  ]*%?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def safe(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula: such a text begins with an apostrophe.

    Negative numbers stay as they are.
    """
    text = _CONTROL.sub("", clean(value))
    if text.lstrip()[:1] in _FORMULA and not _NUMBER.match(text.strip()):
        return "'" + text
    return text


def cells(table: Table) -> tuple[list[str], list[list[str]]]:
    """Column names and rows of text: the table's data, or else what it shows (headings within it become a column)."""
    if table.data is not None:
        names, rows = table.data
        return names, [[safe(value) for value in row] for row in rows]
    names = [column.key for column in table.columns]
    grouped = any(isinstance(row, Heading) for row in table.rows)
    group, shown = "", []
    for row in table.rows:
        if isinstance(row, Heading):
            group = safe(plain_text(row.cell))
        else:
            values = [safe(plain_text(value)) for value in row]
            shown.append([group, *values] if grouped else values)
    return (["group", *names] if grouped else names), shown


def write_tables(tables: list[Table], folder: Path) -> None:
    """``tables/<name>.csv`` for each table and ``tables.xlsx`` for all; nothing when there are none.

    Raises ReportError when two tables want one file.
    """
    if not tables:
        return
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    for table in tables:
        if table.csv in seen:
            raise ReportError(f"cell {table.cell}: two tables want the file '{table.csv}.csv'; give one a 'csv' name")
        seen.add(table.csv)
        names, rows = cells(table)
        (folder / "tables" / f"{table.csv}.csv").write_bytes(_csv(names, rows))
    (folder / "tables.xlsx").write_bytes(workbook(tables))


def _csv(names: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([safe(name) for name in names])
    writer.writerows(rows)
    # The mark at the start tells spreadsheets that this is UTF-8.
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def workbook(tables: list[Table]) -> bytes:
    """All tables as sheets of text cells, after a sheet that says what they are."""
    import xlsxwriter

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(made, options)
    book.set_properties({"title": "Tables", "created": datetime.datetime(2000, 1, 1)})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    names = _sheet_names(tables)
    _sheet(book, "Tables", ["sheet", "caption", "notes"], [
        [name, plain_text(table.caption), "\n".join(plain_text(note) for note in table.notes)]
        for name, table in zip(names, tables, strict=True)
    ], head, body)  # fmt: skip
    for name, table in zip(names, tables, strict=True):
        columns, rows = cells(table)
        _sheet(book, name, columns, rows, head, body)
    book.close()
    return made.getvalue()


def _sheet(book: Any, name: str, columns: list[str], rows: list[list[str]], head: Any, body: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        longest = max([len(column), *(len(line) for row in rows for line in row[index].split("\n"))])
        sheet.set_column(index, index, max(8, min(longest + 2, 60)), body)
        sheet.write_string(0, index, column, head)
    for number, row in enumerate(rows, start=1):
        for index, text in enumerate(row):
            sheet.write_string(number, index, text[:32767], body)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _sheet_names(tables: list[Table]) -> list[str]:
    """Sheet names have at most 31 letters and are unique without regard to case."""
    names: list[str] = []
    for table in tables:
        name, number = table.csv[:31], 2
        while name.lower() in {other.lower() for other in [*names, "Tables", "History"]}:
            name = f"{table.csv[:28]}-{number}"
            number += 1
        names.append(name)
    return names
