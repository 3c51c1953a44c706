"""Lists that are at hand as running print: the Norwegian reprint of Annex I, and the German national list."""

from __future__ import annotations

import re
from pathlib import Path

from .official import Edition, Entry, Paragraph, opening_letters


def norway_layout(path: Path, later: Edition) -> Edition:
    """The Norwegian reprint of Annex I of 2021: labels are local and the level is the indent.

    ``later`` is an edition with full labels: a line that begins with the words that stand there under the label that the
    indent gives is that paragraph, and no line of a list inside a note.
    """
    entries: dict[str, Entry] = {}
    entry: Entry | None = None
    levels: list[tuple[int, str]] = []
    opening: dict[str, str] = {}
    noted = -1  # indent of the note that runs, -1 outside notes
    pieces: list[str] = []
    where, kind = "", "item"

    def close() -> None:
        if entry is not None and pieces:
            entry.paragraphs.append(Paragraph(where, kind, " ".join(pieces)))
        pieces.clear()

    for line in path.read_text("utf-8").splitlines():
        text, indent = line.strip(), len(line) - len(line.lstrip())
        if not text or re.fullmatch(r"[0-9]{1,3}|CATEGORY [0-9].*", text):
            continue
        head = re.match(r"([0-9][A-E][0-9]{3})\s+(\S.*)", text)
        if head and indent <= 3 and head[2] == "continued":  # the running head of a new page
            continue
        if head and indent <= 3:
            close()
            entry = entries.setdefault(head[1], Entry(head[1], head[2]))
            known = later.entries.get(head[1])
            opening = {p.path: opening_letters(p.text) for p in known.paragraphs if p.kind == "item"} if known else {}
            levels, noted, where, kind = [], -1, head[1], "item"
            first = re.match(r"a\.\s+(\S.*)", head[2])
            if first:  # an entry without a heading of its own
                levels, where = [(8, "a")], f"{head[1]}.a"
            pieces.append(first[1] if first else head[2])
            continue
        if entry is None:
            continue
        if re.match(r"(Technical )?Notes?\b.*:|N\.B\.", text):
            close()
            noted, kind = indent, "note"
            pieces.append(text)
            continue
        item = re.match(r"([a-z]|[0-9]{1,2})\.\s+(\S.*)", text)
        if item:
            outer = _outer(levels, indent, item[1])
            label = ".".join([entry.code, *(name for _, name in outer), item[1]])
            same = bool(opening.get(label)) and opening_letters(item[2]).startswith(opening[label][:12])
            if same or noted < 0 or indent <= noted:
                close()
                levels = [*outer, (indent, item[1])]
                where, kind, noted = label, "item", -1
                pieces.append(item[2])
                continue
        pieces.append(text)
    close()
    return Edition("Norwegian List II of 2021", "2021-09-09", ",", entries)


def _outer(levels: list[tuple[int, str]], indent: int, name: str) -> list[tuple[int, str]]:
    """The levels above a label. Indents drift over a page break, so a label that comes next at a level is weighed first."""
    choices: list[tuple[int, int]] = []
    for depth, (column, before) in enumerate(levels):
        if before.isdigit() == name.isdigit():
            step = int(name) - int(before) if name.isdigit() else ord(name) - ord(before)
            if step > 0:
                choices.append((abs(indent - column) + (0 if step == 1 else 6), depth))
    deeper = not levels or (levels[-1][1].isdigit() != name.isdigit() and indent > levels[-1][0] + 1)
    if deeper and name in ("a", "1"):
        choices.append((1, len(levels)))
    if not choices:
        return [level for level in levels if level[0] < indent - 1]
    return levels[: min(choices)[1]]


def german_list(path: Path) -> Edition:
    """The national part of the German list: code at line start, lettered paragraphs indented by four."""
    entries: dict[str, Entry] = {}
    entry: Entry | None = None
    where = ""
    for line in path.read_text("utf-8").splitlines():
        head = re.match(r"([0-9][A-E]9[0-9]{2}) (\S.*)", line)
        if head:
            entry = entries.setdefault(head[1], Entry(head[1], head[2]))
            where = head[1]
        elif not line.startswith(" ") and line.strip():
            entry = None
        if entry is None:
            continue
        letter = re.match(r" {4}([a-z])\) ", line)
        if letter:
            where = f"{entry.code}.{letter[1]}"
        elif line.startswith("    Anmerkung"):
            where = entry.code
        if entry.paragraphs and entry.paragraphs[-1].path == where:
            last = entry.paragraphs.pop()
            entry.paragraphs.append(Paragraph(where, last.kind, f"{last.text} {line.strip()}"))
        else:
            entry.paragraphs.append(Paragraph(where, "item", line.strip()))
    return Edition("Ausfuhrliste of 14 September 2021", "2021-09-14", ",", entries)
