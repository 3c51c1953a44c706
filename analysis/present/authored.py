"""Texts by authors: what should be done is said by people, signed and dated, beside the computed evidence."""

from __future__ import annotations

from pathlib import Path

from analysis.encoding.forms import check_day
from analysis.encoding.problems import WorkbenchError
from analysis.present.bundles import Text
from analysis.present.words import day
from analysis.protocol import escape


def author_text(root: Path, name: str) -> Text:
    """The text ``reports/texts/<name>.md``, headed by author and date; nothing when ``name`` is empty.

    The file begins with ``---``, the lines ``author: ...`` and ``date: "YYYY-MM-DD"``, and ``---``. Raises WorkbenchError
    when the file is missing or unsigned.
    """
    if not name:
        return Text("")
    shown = f"reports/texts/{name}.md"
    folder = (root / "reports" / "texts").resolve()
    path = (folder / f"{name}.md").resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise WorkbenchError(f"there is no author text {shown}; write it or leave the parameter empty")
    body = path.read_text("utf-8")
    parts = body.split("---\n", 2)
    if not body.startswith("---\n") or len(parts) < 3:
        raise WorkbenchError(f"{shown}:1: is not signed; begin with '---', author, date and '---'")
    fields = dict(line.split(":", 1) for line in parts[1].splitlines() if ":" in line)
    author, date = (fields.get(key, "").strip().strip("\"'") for key in ("author", "date"))
    if not author or not date:
        raise WorkbenchError(f"{shown}:1: names no {'author' if not author else 'date'}; sign and date the text")
    try:
        check_day(date)
    except ValueError as error:
        raise WorkbenchError(f"{shown}:1: {error}") from None
    return Text(f"*{escape(author)}, {day(date)}. The opinion of its author.*\n\n{parts[2].strip()}")
