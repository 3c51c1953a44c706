"""Accepting a pair of entries: checked, then written at the end of ``regimes/mappings.yaml`` or not at all."""

from __future__ import annotations

import contextlib
import copy
import os
import shutil
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from analysis.compare.consistency import contradictions
from analysis.encoding.forms import Grade, Mapping, check_day
from analysis.encoding.library import Library
from analysis.encoding.problems import EncodingError, WorkbenchError
from analysis.encoding.reading import read_records
from analysis.encoding.yamlsource import read_yaml

FILE = "regimes/mappings.yaml"
_HEAD = "# yaml-language-server: $schema=schema/mappings.schema.json\n"
RELATIONS: tuple[str, ...] = get_args(Mapping.model_fields["relation"].annotation)


@dataclass(frozen=True)
class Judgement:
    """A pair as someone judged it. ``a`` and ``b`` are regime and code; ``checked`` is the day of the judgement.

    ``against`` names the texts that were compared; without it the evidence is graded unverified.
    """

    a: tuple[str, str]
    b: tuple[str, str]
    relation: str
    reason: str
    checked: str
    by: str = "regime-workbench"
    from_: str | None = None
    until: str | None = None
    grade: Grade = "unverified"
    against: str | None = None


def ref(text: str) -> tuple[str, str]:
    """``us-ear:3B993.f.1`` as regime and code; raises WorkbenchError."""
    regime, colon, code = text.partition(":")
    if not colon or not regime or not code:
        raise WorkbenchError(f"'{text}' names no entry; write REGIME:CODE, e.g. us-ear:3B993.f.1")
    return regime, code


def accept(library: Library, given: Judgement) -> tuple[str, int]:
    """Check a pair and write it; returns the file's name and the line of the new record.

    Raises UnknownName for a regime or code that is not encoded, WorkbenchError where the pair joins an entry with itself,
    stands already, contradicts its numbers (as ``regimes check`` would say, see ``analysis.compare.consistency``), or cannot
    be read back. Nothing is written then.
    """
    made = _checked(library, given)
    trial = copy.copy(library)
    trial._mappings = [_form(made)]
    for problem in contradictions(trial):
        raise WorkbenchError(f"{problem.message}; {problem.fix}")
    return _write(library, record_text(made))


def _form(given: Judgement) -> Mapping:
    form: dict[str, object] = {
        "a": {"regime": given.a[0], "code": given.a[1]},
        "b": {"regime": given.b[0], "code": given.b[1]},
        "relation": given.relation,
        "reason": given.reason,
        "by": given.by,
        "checked": given.checked,
        "evidence": [{"grade": "unverified"}],
    }
    form |= {key: day for key, day in (("from", given.from_), ("until", given.until)) if day}
    return Mapping.model_validate(form)


def _checked(library: Library, given: Judgement) -> Judgement:
    ends = []
    for regime, code in (given.a, given.b):
        data = library.regimes[regime]
        ends.append((data.id, data.controls[code].code))
    if ends[0] == ends[1]:
        raise WorkbenchError(f"{ends[0][0]} {ends[0][1]} cannot be paired with itself; name two entries")
    if given.relation not in RELATIONS:
        raise WorkbenchError(f"'{given.relation}' is no relation; use one of {', '.join(RELATIONS)}")
    reason = " ".join(given.reason.split())
    if not reason or not reason.isprintable():
        raise WorkbenchError("a pair needs a reason in plain words; add --reason")
    for what, day in (("from", given.from_), ("until", given.until), ("checked", given.checked)):
        try:
            _ = check_day(day) if day else None
        except ValueError as error:
            raise WorkbenchError(f"{what}: {error}") from None
    if given.from_ and given.until and given.until < given.from_:
        raise WorkbenchError(f"until {given.until} lies before from {given.from_}; swap or mend the dates")
    if given.grade != "unverified" and not given.against:
        raise WorkbenchError(f"evidence graded '{given.grade}' needs the texts that were compared; add --against")
    for m in library.mappings:
        there = {m.a.key, m.b.key}
        apart = (given.from_ or "0000") > (m.until or "9999") or (m.from_ or "0000") > (given.until or "9999")
        if there == set(ends) and not apart:
            raise WorkbenchError(
                f"{ends[0][0]} {ends[0][1]} and {ends[1][0]} {ends[1][1]} are mapped already ({m.place}, {m.relation}); "
                "mend that record, or give both their dates"
            )
    return Judgement(
        ends[0],
        ends[1],
        given.relation,
        reason,
        given.checked,
        given.by,
        given.from_,
        given.until,
        given.grade,
        given.against,
    )


def record_text(given: Judgement) -> str:
    """A pair in the form of the file."""
    lines = [
        f'- a: {{regime: {given.a[0]}, code: "{given.a[1]}"}}',
        f'  b: {{regime: {given.b[0]}, code: "{given.b[1]}"}}',
        f"  relation: {given.relation}",
    ]
    lines += [f'  {word}: "{day}"' for word, day in (("from", given.from_), ("until", given.until)) if day]
    lines += ["  reason: >-", *_folded(given.reason, 4)]
    lines += ["  by: >-", *_folded(given.by, 4)] if given.by != "regime-workbench" else ["  by: regime-workbench"]
    lines += [f'  checked: "{given.checked}"', "  evidence:"]
    if given.against:
        lines += [
            f"    - grade: {given.grade}",
            "      covers: [text, thresholds]",
            f'      checked: "{given.checked}"',
            "      against: >-",
            *_folded(given.against, 8),
        ]
    else:
        lines.append("    - {grade: unverified, covers: [text, thresholds]}")
    return "\n".join(lines) + "\n"


def _folded(text: str, indent: int) -> list[str]:
    """Lines of a folded scalar: any text in one paragraph reads back as it was."""
    space = " " * indent
    return textwrap.wrap(
        " ".join(text.split()),
        120,
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _write(library: Library, record: str) -> tuple[str, int]:
    """Append to the file through a copy that was read back."""
    path = library.root / FILE
    old = path.read_bytes().decode("utf-8") if path.exists() else _HEAD
    ending = "\r\n" if "\r\n" in old else "\n"
    start = old if old.endswith("\n") or not old else old + ending
    new = start + record.replace("\n", ending)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".mappings-", suffix=".part")
    draft = Path(partial)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(new.encode("utf-8"))
        _read_back(draft, len(library.mappings) + 1)
        if path.exists():
            shutil.copymode(path, draft)
        else:
            draft.chmod(0o644)
        draft.replace(path)
    except OSError as error:
        raise WorkbenchError(f"{FILE} cannot be written ({error.strerror}); nothing was changed") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return FILE, start.count("\n") + 1


def _read_back(draft: Path, wanted: int) -> None:
    try:
        records, problems = read_records(read_yaml(draft, FILE), "mappings")
    except EncodingError as error:
        problems, records = list(error.problems), []
    if problems:
        raise WorkbenchError(f"the pair cannot be written: {problems[0]}; nothing was changed")
    if len(records) != wanted:
        raise WorkbenchError(f"{FILE} changed while the pair was checked; try again (nothing was changed)")
