"""What is wrong with an encoding, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place.

    ``file`` is relative to the folder that holds ``regimes/``; ``line`` counts from 1 (0: the whole file).
    ``message`` says what is wrong, ``nearest`` the valid name that was probably meant, ``fix`` what to do.
    """

    file: str
    line: int
    message: str
    nearest: str = ""
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [self.message]
        if self.nearest:
            parts.append(f"nearest valid name: {self.nearest}")
        if self.fix:
            parts.append(self.fix)
        return f"{place}: {'; '.join(parts)}"

    def as_dict(self) -> dict[str, str | int]:
        return {
            "file": self.file,
            "line": self.line,
            "message": self.message,
            "nearest": self.nearest,
            "fix": self.fix,
        }


class WorkbenchError(Exception):
    """An error that a user can act on; its text is one clear sentence (or a few lines of them)."""


class EncodingError(WorkbenchError):
    """The encodings under ``regimes/`` cannot be used as they are; ``problems`` lists why."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(p) for p in self.problems))


def nearest(word: str, names: Iterable[str], cutoff: float = 55.0) -> str:
    """The valid name most like ``word`` (RapidFuzz ratio, 0 to 100), or "" when none comes near.

    A name may be longer than the word (``us`` means ``us-ear``), but not so short that it is merely contained in it.
    """
    from rapidfuzz import fuzz, process

    near = sorted({name for name in names if 2 * len(name) >= len(word)}, key=lambda name: (len(name), name))
    best = process.extractOne(word, near, scorer=fuzz.WRatio, score_cutoff=cutoff)
    return str(best[0]) if best else ""
