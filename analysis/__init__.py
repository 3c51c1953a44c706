"""Regime Workbench: compare how regimes control the trade of emerging technologies.

In a notebook:

    import analysis
    wb = analysis.open(as_of="2026-11-22", sides=["us-ear", "eu-dual-use", "law-in:nl"])
    wb.coverage(["quantum"])              # technology by side, a tidy DataFrame
    wb.entries("semiconductors/lithography")
    wb.changes(wb.sides[0], since="2024-12-01")
    wb.statements()                       # coded reasons

    analysis.show("3A090.a")              # the life of a control with its sources, as text

``analysis.compare`` holds the comparisons (their docstrings give every column), ``analysis.present`` figures, tables and
sentences, ``analysis.encoding`` the types and the loader.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.encoding.library import Library
    from analysis.workbench import Workbench

__all__ = ["load", "open", "show"]


def open(as_of: str, sides: Sequence[str] = (), root: Path | str | None = None) -> Workbench:
    """The encodings at a day with some sides, ready to compare. Raises a sentence when a name or date is wrong."""
    from analysis.workbench import Workbench

    return Workbench(as_of, sides, root)


def load(root: Path | str | None = None) -> Library:
    """All encodings as they are."""
    from analysis.encoding.library import load as read

    return read(root)


def show(code: str, regime: str | None = None, as_of: str | None = None, root: Path | str | None = None) -> str:
    """The life of a control with its sources, as text: what ``regimes show`` prints."""
    from analysis.lookup import control_text

    return control_text(load(root), code, regime, as_of)
