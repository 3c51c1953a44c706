"""Collecting problems with the line of the offending value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from analysis.encoding.forms import Evidence
from analysis.encoding.library import Library, Table
from analysis.encoding.problems import Problem, nearest
from analysis.encoding.yamlsource import Location


class Placed(Protocol):
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...


class Report:
    """Problems found by the checks; lines are looked up only when something is wrong."""

    def __init__(self, library: Library):
        self.library = library
        self.problems: list[Problem] = []

    def add(self, record: Placed, where: Location, message: str, nearest: str = "", fix: str = "") -> None:
        self.problems.append(Problem(record.file, self._line(record, where), message, nearest, fix))

    def _line(self, record: Placed, where: Location) -> int:
        source = self.library.sources.get(record.file)
        if source is None or not where:
            return record.line
        index = source.record_lines.index(record.line) if record.line in source.record_lines else None
        return source.line((index, *where) if index is not None else where)

    def known(
        self, record: Placed, where: Location, what: str, name: str, names: Table[object] | Iterable[str]
    ) -> bool:
        """Note a problem unless ``name`` is an id or alias of ``names``, or of a record that could not be read."""
        if names.knows(name) if isinstance(names, Table) else name in names:
            return True
        if name in self.library.unread:
            return False
        self.add(record, where, f"unknown {what} '{name}'", nearest(name, names), f"use a known {what} or add it")
        return False

    def evidence(self, record: Placed, where: Location, pieces: list[Evidence]) -> None:
        """What claims to have been compared must say with what and when."""
        for number, piece in enumerate(pieces):
            missing = [k for k in ("against", "checked") if not getattr(piece, k)]
            if piece.grade != "unverified" and missing:
                self.add(
                    record,
                    (*where, "evidence", number),
                    f"evidence is graded '{piece.grade}' without {' and '.join(missing)}",
                    fix="say against what it was compared and on which day, or grade it unverified",
                )

    def order(self, record: Placed, where: Location, start: str, end: str | None) -> None:
        if end is not None and end < start:
            self.add(record, where, f"until {end} lies before from {start}", fix="swap or mend the dates")
