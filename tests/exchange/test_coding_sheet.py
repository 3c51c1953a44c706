"""Coding sheets: loss-free out and in, all or nothing, every problem with row and column."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from analysis.encoding.check import check
from analysis.encoding.library import Library, load
from analysis.encoding.problems import WorkbenchError
from analysis.exchange.coding_sheet import ANSWERS, COLUMNS, export, import_

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "regimes", tmp_path / "regimes")
    return tmp_path


@pytest.fixture
def library(project: Path) -> Library:
    return load(project, cache=False)


def sheet(library: Library, path: Path, **more: object) -> Path:
    export(library, path, "jane", **more)  # type: ignore[arg-type]
    return path


def fill(path: Path, codes: dict[str, tuple[list[str], str]]) -> None:
    book = openpyxl.load_workbook(path)
    page = book["Coding"]
    for row in page.iter_rows(min_row=2):
        name = row[0].value
        if name in codes:
            frames, origin = codes[name]
            for n, frame in enumerate(frames):
                row[COLUMNS.index("frame 1") + n].value = frame
            row[COLUMNS.index("from")].value = origin
    book.save(path)


def texts(project: Path) -> dict[str, str]:
    return {str(p): p.read_text("utf-8") for p in sorted((project / "regimes").rglob("*.yaml"))}


def test_every_statement_is_there_and_nobodys_codes(library: Library, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sheet(library, tmp_path / "a.xlsx"))
    rows = list(book["Coding"].iter_rows(min_row=2, values_only=True))
    assert {r[0] for r in rows} == {s.id for s in library.statements}
    first = COLUMNS.index("frame 1")
    assert not any(v for r in rows for v in r[first : first + 4])
    assert {v.sqref.__str__().rstrip("0123456789")[:1] for v in book["Coding"].data_validations.dataValidation}
    assert len(book["Coding"].data_validations.dataValidation) == len(ANSWERS)
    assert {r[0] for r in book["Codebook"].iter_rows(min_row=2, values_only=True)} == set(library.vocabulary.frames)


def test_blind_hides_who_says_it(library: Library, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sheet(library, tmp_path / "a.xlsx", blind=True))
    hidden = [COLUMNS.index(n) for n in ("actor", "document", "date", "pinpoint")]
    rows = list(book["Coding"].iter_rows(min_row=2, values_only=True))
    assert not any(r[i] for r in rows for i in hidden)
    assert all(r[COLUMNS.index("paraphrase")] for r in rows)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_round_trip_is_loss_free(library: Library, project: Path, tmp_path: Path, kind: str) -> None:
    names = sorted(s.id for s in library.statements)[:3]
    path = sheet(library, tmp_path / "a.xlsx")
    fill(path, {names[0]: (["HR-r", "NS"], "source"), names[1]: (["none"], "paraphrase")})
    outcome = import_(library, path)
    assert sorted(outcome.new) == names[:2] and not outcome.changed
    again = load(project, cache=False)
    assert check(again) == []
    by = {s.id: s for s in again.statements}
    assert by[names[0]].codes["jane"].frames == ["HR-r", "NS"] and by[names[1]].codes["jane"].frames == []
    assert "jane" not in by[names[2]].codes
    before = {s.id: {k: v for k, v in s.codes.items() if k != "jane"} for s in library.statements}
    assert {s.id: {k: v for k, v in s.codes.items() if k != "jane"} for s in again.statements} == before
    # Out again and in again changes nothing, in either form.
    second = tmp_path / f"b.{kind}"
    export(again, second, "jane")
    state = texts(project)
    outcome = import_(again, second)
    assert sorted(outcome.unchanged) == names[:2] and not outcome.new and not outcome.changed
    assert texts(project) == state


def test_only_codes_of_named_statements_change(library: Library, project: Path, tmp_path: Path) -> None:
    name = next(s for s in library.statements if s.regime == "nl-national").id
    path = sheet(library, tmp_path / "a.xlsx", regime="nl-national")
    fill(path, {name: (["TRD"], "paraphrase")})
    before = texts(project)
    import_(library, path)
    after = texts(project)
    changed = [p for p in before if before[p] != after[p]]
    assert [Path(p).name for p in changed] == ["statements.yaml"]
    old, new = before[changed[0]].splitlines(), after[changed[0]].splitlines()
    gone = [line for line in old if line not in new]
    come = [line for line in new if line not in old]
    assert len(come) <= 4 and any("jane: {frames: [TRD]" in line for line in come) and len(gone) <= 1


def refuse(library: Library, project: Path, path: Path) -> str:
    before = texts(project)
    with pytest.raises(WorkbenchError) as raised:
        import_(library, path)
    assert texts(project) == before
    return str(raised.value)


def test_every_problem_is_named_and_nothing_written(library: Library, project: Path, tmp_path: Path) -> None:
    path = sheet(library, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["Coding"]
    frame, origin, code = (COLUMNS.index(n) + 1 for n in ("frame 1", "from", "codebook"))
    page.cell(2, frame).value, page.cell(2, origin).value = "HRX", "source"
    page.cell(3, frame).value, page.cell(3, origin).value = "NS", "memory"
    page.cell(4, 1).value = "n99999"
    page.cell(5, 1).value = page.cell(6, 1).value
    page.cell(7, frame).value = "=1+1"
    page.cell(8, code).value = "0.9"
    page.cell(9, frame).value = "NS"
    page.merge_cells("C20:D21")
    book.save(path)
    text = refuse(library, project, path)
    for piece in (
        "row 2, column 'frame 1': 'HRX' is no code of the codebook",
        "row 3, column 'from': 'memory' is not source or paraphrase",
        "row 4, column 'id': there is no statement 'n99999'",
        "row 6, column 'id': statement",
        "row 7, column H: holds a formula",
        "row 8, column 'codebook': is '0.9'",
        "row 9, column 'from': is empty",
        "C20:D21 are merged",
        "nothing was imported",
    ):
        assert piece in text, piece


def test_missing_column_and_wrong_kind_of_file(library: Library, project: Path, tmp_path: Path) -> None:
    path = sheet(library, tmp_path / "a.csv")
    rows = list(csv.reader(path.open(encoding="utf-8-sig")))
    column = rows[0].index("from")
    bad = tmp_path / "bad.csv"
    with bad.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[v for n, v in enumerate(r) if n != column] for r in rows])
    assert "row 1: the column 'from' is missing" in refuse(library, project, bad)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"not a workbook")
    assert "is not a readable .xlsx file" in refuse(library, project, broken)
    assert "there is no file" in refuse(library, project, tmp_path / "none.xlsx")


def test_never_overwrites_and_reserves_passes(library: Library, tmp_path: Path) -> None:
    path = sheet(library, tmp_path / "a.xlsx")
    with pytest.raises(WorkbenchError, match="exists; choose another name"):
        export(library, path, "jane")
    with pytest.raises(WorkbenchError, match="is the name of a pass"):
        export(library, tmp_path / "b.xlsx", "first")
    with pytest.raises(WorkbenchError, match="cannot name a coder"):
        export(library, tmp_path / "b.xlsx", "Jane D.")


@pytest.mark.office
def test_libreoffice_brings_it_back_unharmed(library: Library, project: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None or shutil.which("localc") is None:
        pytest.skip("LibreOffice Calc is not installed")
    names = sorted(s.id for s in library.statements)[:2]
    path = sheet(library, tmp_path / "a.xlsx")
    fill(path, {names[0]: (["HR-e", "FP"], "source"), names[1]: (["none"], "paraphrase")})
    out = tmp_path / "out"
    command = [
        office,
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run([*command, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=180)
    back = openpyxl.load_workbook(out / "a.xlsx")
    assert len(back["Coding"].data_validations.dataValidation) >= len(ANSWERS)
    outcome = import_(library, out / "a.xlsx")
    assert sorted(outcome.new) == names
