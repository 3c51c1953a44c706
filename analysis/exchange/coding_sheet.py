"""Coding sheets: statements out to a coder without anyone's codes, the coder's own codes back in.

A sheet has one row per statement and the columns of ``COLUMNS``; the coder fills ``frame 1`` to ``frame 3`` (or ``none`` in
the first) and ``from``. A row left without a frame is not coded and is passed over. Reading validates every cell and takes
the whole file or nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.encoding.codings import with_codings, write_all
from analysis.encoding.forms import Coding, Statement
from analysis.encoding.library import Library
from analysis.encoding.problems import WorkbenchError, nearest

INFORMATION = ("id", "document", "date", "pinpoint", "actor", "kind", "paraphrase")
#: Left empty in a blind sheet, so that the coder does not see who says it.
HIDDEN_WHEN_BLIND = frozenset({"document", "date", "pinpoint", "actor"})
ANSWERS = ("frame 1", "frame 2", "frame 3", "from")
FIXED = ("coder", "codebook")
COLUMNS = (*INFORMATION, *ANSWERS, *FIXED)
ORIGINS = ("source", "paraphrase")
NONE = "none"
#: Names of passes that are not coders of their own.
RESERVED = frozenset({"first", "second", "agreed"})
_CODER = re.compile(r"^[a-z0-9][a-z0-9-]{0,39}$")


@dataclass(frozen=True)
class Outcome:
    """What an import did: ids of statements by what happened to the coder's coding."""

    coder: str
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        done = f"{len(self.new)} new, {len(self.changed)} changed, {len(self.unchanged)} unchanged"
        counts = f"{done}, {len(self.skipped)} left empty"
        changed = f"\nchanged: {', '.join(self.changed)}" if self.changed else ""
        wrote = f"\nwrote {', '.join(self.files)}" if self.files else "\nnothing to write"
        return f"coder {self.coder}: {counts}{changed}{wrote}"


def check_coder(name: str) -> str:
    """A coder's name as it may stand in the files; raises WorkbenchError."""
    if not _CODER.match(name):
        raise WorkbenchError(f"'{name}' cannot name a coder; use lower-case letters, digits and hyphens")
    if name in RESERVED:
        raise WorkbenchError(f"'{name}' is the name of a pass; choose a coder's name of your own")
    return name


def export(library: Library, path: Path, coder: str, regime: str | None = None, *, blind: bool = False) -> int:
    """Write a sheet (.xlsx or .csv) for ``coder``; returns the number of statements. Never overwrites a file.

    The coder's own earlier codes are filled in; nobody else's are. ``regime`` limits to the statements of one folder.
    """
    check_coder(coder)
    write = {".xlsx": _write_xlsx, ".csv": _write_csv}.get(path.suffix.lower())
    if write is None:
        raise WorkbenchError(f"{path}: a coding sheet is .xlsx or .csv; give the file one of these endings")
    if path.exists():
        raise WorkbenchError(f"{path} exists; choose another name, so that no codes are lost")
    if regime is not None and regime != "context":
        library.regimes[regime]
    wanted = None if regime is None else ("" if regime == "context" else regime)
    found = [s for s in library.statements if wanted is None or s.regime == wanted]
    rows = [_row(library, s, coder, blind) for s in found]
    try:
        write(library, path, rows)
    except OSError as error:
        raise WorkbenchError(f"{path}: cannot be written ({error.strerror})") from None
    return len(rows)


def _row(library: Library, s: Statement, coder: str, blind: bool) -> list[str]:
    own = s.codes.get(coder)
    frames = (own.frames or [NONE]) if own else []
    values = {
        "id": s.id,
        "document": library.citable(s.document).title,
        "date": s.date,
        "pinpoint": s.pinpoint,
        "actor": library.vocabulary.actors[s.actor.id].name,
        "kind": s.kind,
        "paraphrase": s.paraphrase,
        **{f"frame {n + 1}": frame for n, frame in enumerate(frames[:3])},
        "from": own.from_ if own else "",
        "coder": coder,
        "codebook": _codebook(library),
    }
    return ["" if blind and name in HIDDEN_WHEN_BLIND else values.get(name, "") for name in COLUMNS]


def _codebook(library: Library) -> str:
    return library.vocabulary.codebook.version if library.vocabulary.codebook else ""


def _codes(library: Library) -> list[str]:
    return [f.id for f in library.vocabulary.frames.values() if not f.deprecated]


def _write_csv(library: Library, path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        # A spreadsheet would run a cell that begins like a formula: an apostrophe keeps it text.
        out.writerows([["'" + v if v[:1] in "=+-@" and v else v for v in row] for row in rows])


def _write_xlsx(library: Library, path: Path, rows: Sequence[Sequence[str]]) -> None:
    import datetime

    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": "Coding sheet", "created": datetime.datetime(2026, 1, 1)})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    answer = book.add_format(
        {"num_format": "@", "valign": "top", "bg_color": "#fff8e1", "border": 1, "border_color": "#d8dbe0"}
    )
    head = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
    sheet = book.add_worksheet("Coding")
    guide = book.add_worksheet("Codebook")
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, head)
    widths = {"paraphrase": 60, "document": 30, "actor": 22, "pinpoint": 18}
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, widths.get(name, 11), answer if name in ANSWERS else text)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value, answer if COLUMNS[column] in ANSWERS else text)
    codes = [*_codes(library), NONE]
    last = max(len(rows), 1)
    for name in ANSWERS:
        column = COLUMNS.index(name)
        allowed = list(ORIGINS) if name == "from" else codes if name == "frame 1" else codes[:-1]
        sheet.data_validation(
            1,
            column,
            last,
            column,
            {
                "validate": "list",
                "source": allowed,
                "error_title": "Not a code",
                "error_message": "Choose a code of the list." if name != "from" else "Choose source or paraphrase.",
            },
        )
    sheet.freeze_panes(1, 1)
    heads = ("code", "frame", "group", "definition", "include", "exclude", "example and ruling")
    for column, name in enumerate(heads):
        guide.write_string(0, column, name, head)
    for number, frame in enumerate(library.vocabulary.frames.values(), start=1):
        cells = (frame.id, frame.label.en, frame.group, frame.definition, frame.include, frame.exclude, frame.example)
        for column, value in enumerate(cells):
            guide.write_string(number, column, value, text)
    guide.set_column(0, 2, 16)
    guide.set_column(3, 6, 50)
    guide.freeze_panes(1, 1)
    book.close()


def import_(library: Library, path: Path) -> Outcome:
    """Read a sheet back and write its codings. Raises WorkbenchError with every problem; then nothing is written."""
    reader = {".xlsx": _read_xlsx, ".csv": _read_csv}.get(path.suffix.lower())
    if reader is None:
        raise WorkbenchError(f"{path}: a coding sheet is .xlsx or .csv")
    if not path.is_file():
        raise WorkbenchError(f"there is no file {path}")
    problems: list[str] = []
    rows = reader(path, problems)
    statements = {s.id: s for s in library.statements}
    coder, read = _validate(library, path, rows, statements, problems)
    if problems:
        raise WorkbenchError("\n".join(f"{path}: {p}" for p in problems) + "\nnothing was imported")
    outcome = Outcome(coder)
    by_file: dict[str, dict[str, dict[str, Coding]]] = {}
    for name, coding in read.items():
        if coding is None:
            outcome.skipped.append(name)
            continue
        s = statements[name]
        old = s.codes.get(coder)
        if old == coding:
            outcome.unchanged.append(name)
            continue
        (outcome.changed if old else outcome.new).append(name)
        by_file.setdefault(s.file, {})[name] = {coder: coding}
    texts: dict[Path, str] = {}
    for file, new in by_file.items():
        place = library.root / file
        texts[place] = with_codings(place.read_text("utf-8"), new, file)
    write_all(texts)
    outcome.files.extend(sorted(by_file))
    return outcome


Row = tuple[int, dict[str, str]]


def _read_csv(path: Path, problems: list[str]) -> list[Row]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkbenchError(f"{path}: is not UTF-8 text; save the sheet as CSV in UTF-8") from None
    lines = list(csv.reader(text.splitlines(keepends=True)))
    return _table(
        [[c.removeprefix("'") if c[1:2] in ("=", "+", "-", "@") else c for c in line] for line in lines], problems
    )


def _read_xlsx(path: Path, problems: list[str]) -> list[Row]:
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, data_only=False)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise WorkbenchError(f"{path}: is not a readable .xlsx file; save the sheet again") from None
    if "Coding" not in book.sheetnames:
        raise WorkbenchError(f"{path}: has no sheet 'Coding'; keep the sheet that was exported")
    sheet = book["Coding"]
    for merged in sheet.merged_cells.ranges:
        problems.append(f"cells {merged.coord} are merged; unmerge them")
    lines = []
    for line in sheet.iter_rows():
        values = []
        for cell in line:
            if cell.data_type == "f":
                problems.append(f"row {cell.row}, column {cell.column_letter}: holds a formula; write the value")
                values.append("")
            else:
                values.append("" if cell.value is None else _as_text(cell.value))
        lines.append(values)
    return _table(lines, problems)


def _as_text(value: Any) -> str:
    import datetime

    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value).strip()


def _table(lines: list[list[str]], problems: list[str]) -> list[Row]:
    if not lines:
        problems.append("is empty; export a sheet first")
        return []
    heads = [h.strip() for h in lines[0]]
    for name in ("id", *ANSWERS, *FIXED):
        if name not in heads:
            near = nearest(name, [h for h in heads if h not in COLUMNS and h])
            problems.append(f"row 1: the column '{name}' is missing" + (f" (is it '{near}'?)" if near else ""))
    for name in sorted({h for h in heads if h and heads.count(h) > 1}):
        problems.append(f"row 1: the column '{name}' stands twice")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if any(v.strip() for v in line):
            rows.append((number, {h: v.strip() for h, v in zip(heads, line, strict=False)}))
    return rows


def _validate(
    library: Library, path: Path, rows: Iterable[Row], statements: dict[str, Statement], problems: list[str]
) -> tuple[str, dict[str, Coding | None]]:
    version = _codebook(library)
    known = _codes(library)
    coders: dict[str, int] = {}
    seen: dict[str, int] = {}
    read: dict[str, Coding | None] = {}
    for number, row in rows:
        name = row.get("id", "")

        def say(column: str, message: str, number: int = number) -> None:
            problems.append(f"row {number}, column '{column}': {message}")

        for column, value in row.items():
            if value.startswith("=") and column in COLUMNS:
                say(column, "holds a formula; write the value")
        if name not in statements:
            near = nearest(name, statements)
            say("id", f"there is no statement '{name}'" + (f"; nearest: {near}" if near else ""))
        if name in seen:
            say("id", f"statement '{name}' stands twice (also row {seen[name]})")
        seen.setdefault(name, number)
        coders.setdefault(row.get("coder", ""), number)
        if row.get("codebook", "") not in (version, version.removesuffix(".0")):
            say(
                "codebook", f"is '{row.get('codebook', '')}'; the codebook is version {version}, export the sheet again"
            )
        frames = [row.get(c, "") for c in ANSWERS[:3]]
        given = [f for f in frames if f]
        for column, frame in zip(ANSWERS[:3], frames, strict=True):
            if frame and frame != NONE and frame not in known:
                near = nearest(frame, known, 40)
                say(column, f"'{frame}' is no code of the codebook" + (f"; nearest: {near}" if near else ""))
            if given.count(frame) > 1 and frame:
                say(column, f"'{frame}' stands twice in the row")
        if NONE in given and len(given) > 1:
            say("frame 1", f"'{NONE}' stands beside other frames")
        if given and given != frames[: len(given)]:
            say("frame 1", "a frame is missing before another; the first is the dominant one")
        origin = row.get("from", "")
        if origin and origin not in ORIGINS:
            say("from", f"'{origin}' is not source or paraphrase")
        if given and not origin:
            say("from", "is empty; say whether you coded from the source or from the paraphrase")
        real = [f for f in given if f != NONE]
        read[name] = Coding(frames=real, codebook=version, **{"from": origin}) if given and origin in ORIGINS else None
    if len(coders) > 1:
        problems.append(f"names several coders ({', '.join(sorted(coders))}); one sheet is of one coder")
    coder = next(iter(coders), "")
    try:
        if coders and len(coders) == 1:
            check_coder(coder)
    except WorkbenchError as error:
        problems.append(f"row {coders[coder]}, column 'coder': {error}")
    return coder, read
