"""Skeletons of new records, and putting one into a file without touching anything else in it.

A skeleton is valid as it stands: it claims nothing (evidence ``unverified``, thresholds left out, which is to say "not
encoded"), and says TO DO where the author has to write. Comments, order and layout of the file stay as they are.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from analysis.encoding.problems import EncodingError, Problem, WorkbenchError
from analysis.encoding.reading import read_records
from analysis.encoding.yamlsource import read_yaml

#: What stands where the author has to write.
TO_DO = "TO DO"
#: Words that YAML tools take for something else than text.
_ODD = frozenset("true false yes no on off null ~ y n".split())


def scalar(text: str) -> str:
    """``text`` as one YAML value on one line, quoted where it needs to be."""
    text = " ".join(text.split())
    plain = text[:1].isalpha() and not any(c in text for c in "\"':#{}[],&*!|>%@`\\") and text.lower() not in _ODD
    if plain:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quoted(text: str) -> str:
    """``text`` in double quotes: codes and dates always are."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def code_key(code: str) -> list[tuple[int, int, str]]:
    """Order of codes as lists have them: 3B001.d.2 before 3B001.d.10, digits before letters."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in code.split(".")]


def control(code: str, label: str, technologies: Sequence[str], by: str, from_: str, start: str, pinpoint: str) -> str:
    """A control with its first version; without thresholds, so that every question about them answers "cannot say"."""
    return f"""\
- code: {quoted(code)}
  label: {scalar(label)}
  technologies: [{", ".join(technologies)}]
  versions:
    - from: {quoted(from_)}
      start: {start}
      by: {scalar(by)}
      scope: "{TO_DO}: say in own words what is caught"
      pinpoint: {scalar(pinpoint)}
      evidence:
        - {{grade: unverified, covers: [text, thresholds, dates, licence, origin]}}
"""


def instrument(name: str, title: str, kind: str, issuer: str, dates: dict[str, str]) -> str:
    """An instrument; ``dates`` by their keys (published, effective, ...)."""
    known = ", ".join(f"{key}: {quoted(day)}" for key, day in dates.items())
    return f"""\
- id: {scalar(name)}
  title: {scalar(title)}
  kind: {kind}
  issuer: {scalar(issuer)}
  dates: {{{known}}}
  evidence:
    - {{grade: unverified, covers: [dates, content]}}
"""


def statement(
    name: str, document: str, actor: str, side: str, date: str, pinpoint: str, language: str, codebook: str
) -> str:
    """A statement, not coded yet (no frames)."""
    return f"""\
- id: {scalar(name)}
  document: {scalar(document)}
  actor: {{id: {scalar(actor)}, side: {side}}}
  date: {quoted(date)}
  pinpoint: {scalar(pinpoint)}
  language: {scalar(language)}
  paraphrase: "{TO_DO}: say in own words what is claimed"
  kind: justification
  voice: own
  stance: describe
  codes:
    first: {{frames: [], codebook: {quoted(codebook)}, from: paraphrase}}
  evidence:
    - {{grade: unverified, covers: [content, pinpoint]}}
"""


def regime(name: str, title: str, jurisdiction: str, kind: str, authority: str, language: str, until: str) -> str:
    """``regime.yaml`` of a new regime."""
    return f"""\
{header("regime", 1)}id: {scalar(name)}
name: {scalar(title)}
short: {scalar(title)}
jurisdiction: {scalar(jurisdiction)}
kind: {kind}
authority: {scalar(authority)}
language: {scalar(language)}
about: "{TO_DO}: say in two or three sentences what this body of controls is"
verified_until: {quoted(until)}
"""


def header(form: str, depth: int) -> str:
    """The first line of a file, which tells editors where its schema is (``depth`` folders up)."""
    return f"# yaml-language-server: $schema={'../' * depth}schema/{form}.schema.json\n"


def inserted(text: str, lines: Sequence[int], record: str, after: int) -> str:
    """``text`` with ``record`` behind its first ``after`` records.

    ``lines`` are the lines (from 1) on which the records of the file start. A comment above a record belongs to it, and
    the blank lines between records go on as they are.
    """
    rows = text.splitlines(keepends=True)
    end = "\r\n" if rows and rows[0].endswith("\r\n") else "\n"
    record = record.replace("\n", end)
    if rows and not rows[-1].endswith("\n"):
        rows[-1] += end
    if not lines:
        return "".join(rows) + record
    tops = [_top(rows, line - 1) for line in lines]
    spaced = any(rows[top - 1].strip() == "" for top in tops[1:]) or (len(tops) == 1 and tops[0] > 1)
    at = tops[after] if after < len(lines) else len(rows)
    while after and at > 0 and rows[at - 1].strip() == "":
        at -= 1
    gap = end if spaced else ""
    if after == 0:
        return "".join([*rows[:at], record, gap, *rows[at:]])
    return "".join([*rows[:at], gap, record, *rows[at:]])


def _top(rows: list[str], at: int) -> int:
    """Where the record on row ``at`` begins with the comments above it; the first line of the file is nobody's."""
    while at > 1 and rows[at - 1].lstrip().startswith("#"):
        at -= 1
    return at


def place(keys: Sequence[Any], new: Any) -> int:
    """Behind how many records a new one stands: behind the last whose key is not greater."""
    return max((n for n, key in enumerate(keys, start=1) if key <= new), default=0)


def add(path: Path, name: str, form: str, record: str, key: Callable[[dict[str, Any]], Any], depth: int) -> int:
    """Put ``record`` into the file at its place, all or nothing; returns its line.

    ``name`` is how messages call the file; ``key`` gives the order of records (from the data as written); ``depth`` is how
    many folders the file lies below ``regimes/``. Raises EncodingError when the file or the result does not read, and
    leaves the file as it was.
    """
    text = header(form, depth)
    data: Any = []
    lines: list[int] = []
    if path.exists():
        source = read_yaml(path, name)
        text, data, lines = path.read_bytes().decode(), source.data or [], source.record_lines
        if not isinstance(data, list) or len(lines) != len(data):
            raise EncodingError([Problem(name, 1, f"should hold a list of {form}", fix="start each record with '- '")])
    new = _data(record, name, form)
    after = place([key(item) for item in data], key(new))
    made = inserted(text, lines, record, after)
    write(path, made, name, form)
    return read_yaml(path, name).record_lines[after]


def _data(record: str, name: str, form: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.yaml"
        path.write_text(record, "utf-8")
        source = read_yaml(path, name)
    _, problems = read_records(source, form)
    if problems:
        # The place is the skeleton's, which the user cannot see.
        raise WorkbenchError("; ".join(p.message + (f"; {p.fix}" if p.fix else "") for p in problems))
    found: dict[str, Any] = source.data[0]
    return found


def write(path: Path, text: str, name: str, form: str) -> None:
    """Write a file in one step: beside the old one first, read again, and only then in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(text.encode())
        if path.exists():
            shutil.copymode(path, partial)
        _, problems = read_records(read_yaml(partial, name), form)
        if problems:
            raise EncodingError(problems)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
