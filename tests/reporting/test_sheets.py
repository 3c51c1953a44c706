"""Tables as files: codes stay codes, nothing is a formula."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
import samples
from conftest import Written
from openpyxl import load_workbook

from analysis.protocol import TABLE_MIME
from analysis.reporting.blocks import table
from analysis.reporting.errors import ReportError
from analysis.reporting.sheets import cells, safe, workbook, write_tables


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", " =1", "=cmd|' /C calc'!A0", "--1", "-1+2", "+"])
def test_formulas_become_text(text: str) -> None:
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["3E001", "-12", "+3.5", "-1,200", "a=b", "", "4800", "2026-07-23", "– none"])
def test_other_values_stay(text: str) -> None:
    assert safe(text) == text


def test_control_characters_go() -> None:
    assert safe("a\x00b\x0bc\td") == "abc d"


def test_csv_files_hold_the_data(written: Written) -> None:
    text = (written.folder / "tables" / "scope.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(text.decode("utf-8-sig")))) == [
        ["code", "tpp"],
        ["3A090.a", "4800"],
        ["3E001", ""],
    ]
    hostile = list(csv.reader(io.StringIO((written.folder / "tables" / "hostile.csv").read_text("utf-8-sig"))))
    assert hostile[0] == ["label", "'=1+1", "c"]
    assert not [value for row in hostile for value in row if value.startswith(("=", "+", "@"))]


def test_headings_become_a_column() -> None:
    rows = [
        {"heading": ["United ", {"text": "States"}]},
        ["3A090", {"text": "x", "cite": [{"id": "a", "pinpoint": "p. 1"}]}],
    ]
    made = table({"id": "t", "caption": "c", "columns": [{"key": "code"}, {"key": "what"}], "rows": rows}, 1)
    assert cells(made) == (["group", "code", "what"], [["United States", "3A090", "x [a p. 1]"]])


def test_the_workbook_has_text_cells_only(written: Written) -> None:
    book = load_workbook(written.folder / "tables.xlsx")
    assert book.sheetnames == ["Tables", "scope", "wide", "long", "hostile"]
    assert book["scope"]["A3"].value == "3E001"
    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row if cell.value is not None} <= {"s"}
    assert [cell.number_format for cell in book["scope"]["A"][1:]] == ["@", "@"]


def test_the_workbook_is_the_same_each_time(written: Written) -> None:
    raw = workbook(written.source.tables)
    assert raw == (written.folder / "tables.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_names_of_sheets_and_files(tmp_path) -> None:  # type: ignore[no-untyped-def]
    def made(identifier: str, name: str):  # type: ignore[no-untyped-def]
        return table({**samples.long().bundle[TABLE_MIME], "id": identifier, "csv": name}, 1)

    long = "a-name-that-is-much-longer-than-a-sheet-may-be"
    book = load_workbook(io.BytesIO(workbook([made("a", long), made("b", long + "-2"), made("c", "history")])))
    assert len(book.sheetnames) == len({name.lower() for name in book.sheetnames}) == 4
    with pytest.raises(ReportError, match=r"two tables want the file 'x\.csv'"):
        write_tables([made("a", "x"), made("b", "x")], tmp_path)
    write_tables([], tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
