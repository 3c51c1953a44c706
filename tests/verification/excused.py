"""The exceptions: a short list, each with its reason. One that nothing needs any more is an error too."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from analysis.encoding.yamlsource import read_yaml


class Excused:
    """``exceptions.yaml`` by kind; remembers which of them were needed."""

    def __init__(self, path: Path):
        self.rows: dict[str, list[dict[str, Any]]] = read_yaml(path, path.name).data
        self.used: set[tuple[str, int]] = set()

    def find(self, kind: str, **wanted: str) -> dict[str, Any] | None:
        """The first exception of a kind whose keys all fit; a list of patterns fits when one of them does."""
        for number, row in enumerate(self.rows[kind]):
            if all(_fits(row[key], value) for key, value in wanted.items() if key in row):
                self.used.add((kind, number))
                return row
        return None

    def unused(self, kind: str) -> list[str]:
        """Exceptions of a kind that nothing needed: to be removed."""
        rows = enumerate(self.rows[kind])
        return [
            f"exceptions.yaml: {kind}: {row} is not needed any more" for n, row in rows if (kind, n) not in self.used
        ]


def _fits(pattern: Any, value: str) -> bool:
    patterns = pattern if isinstance(pattern, list) else [pattern]
    return any(fnmatchcase(value, str(p)) for p in patterns)


def none_of(sentences: list[str]) -> None:
    """Fail with the sentences, one per line, when there are any."""
    if sentences:
        pytest.fail("\n".join([f"{len(sentences)} found:", *sentences]), pytrace=False)
