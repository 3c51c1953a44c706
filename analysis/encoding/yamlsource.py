"""YAML read the careful way: everything stays text, every value keeps its line.

Nothing becomes a date, a number or a boolean behind the author's back (``NO``, ``on``, ``3E001`` and ``2024-12-02``
stay text); only an unquoted ``null``, ``~`` or nothing at all is ``None``. Duplicate keys, aliases and tags are errors.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml

from analysis.encoding.problems import EncodingError, Problem

#: A path inside a document: keys of mappings, positions in lists.
Location = tuple[str | int, ...]

_CODE = re.compile(r"[0-9][A-E][0-9]{3}(\.|$)")
_NULL = {"", "~", "null", "Null", "NULL"}
# Raised when the meaning of cached parses changes.
_CACHE_FORM = "1"


class Source:
    """One YAML file: its data, and on demand the line of anything in it."""

    def __init__(self, path: Path, name: str, data: Any, record_lines: list[int], digest: str):
        self.path = path
        self.name = name
        self.data = data
        self.record_lines = record_lines
        self.digest = digest
        self._lines: dict[Location, int] | None = None

    def line(self, location: Location) -> int:
        """Line (from 1) of the value at ``location``, or of the nearest thing around it."""
        if self._lines is None:
            self._lines = _lines_of(self.path)
        while location:
            if location in self._lines:
                return self._lines[location]
            location = location[:-1]
        return self._lines.get((), 1)


def read_yaml(path: Path, name: str | None = None, cache: Path | None = None) -> Source:
    """Read one file.

    ``name`` is how messages call the file; ``cache`` a folder that keeps parses by content hash (it may be deleted at
    any time). Raises EncodingError with every problem of the file that reading alone can show.
    """
    name = name or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise EncodingError([Problem(name, 0, f"cannot be read ({error.strerror})", fix="check the file")]) from None
    digest = hashlib.sha256(raw).hexdigest()
    kept = cache / f"{digest[:32]}-{_CACHE_FORM}.json" if cache else None
    if kept is not None:
        with suppress(OSError, ValueError):
            data, lines = json.loads(kept.read_text("utf-8"))
            return Source(path, name, data, lines, digest)
    data, lines = _parse(raw, name)
    if kept is not None:
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(f".{id(data)}.part")
            partial.write_text(json.dumps([data, lines], ensure_ascii=False), "utf-8")
            partial.replace(kept)
    return Source(path, name, data, lines, digest)


def _parse(raw: bytes, name: str) -> tuple[Any, list[int]]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problem = Problem(name, line, "is not UTF-8 text", fix="save the file as UTF-8")
        raise EncodingError([problem]) from None
    root = _compose(text, name)
    if root is None:
        return None, []
    problems: list[Problem] = []
    with _no_gc():
        data = _build(root, name, problems, set())
    if problems:
        raise EncodingError(problems)
    lines = [node.start_mark.line + 1 for node in root.value] if isinstance(root, yaml.SequenceNode) else []
    return data, lines


def _compose(text: str, name: str) -> Any:
    try:
        with _no_gc():
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        what = error.problem or error.context or "broken YAML"
        raise EncodingError(
            [Problem(name, line, f"broken YAML: {what}", fix="mend the indentation or quoting")]
        ) from None
    except yaml.YAMLError as error:
        raise EncodingError([Problem(name, 0, f"broken YAML: {error}", fix="mend the file")]) from None
    except RecursionError:
        raise EncodingError([Problem(name, 0, "is nested too deeply", fix="flatten the file")]) from None


def _build(node: Any, name: str, problems: list[Problem], seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    if id(node) in seen:
        problems.append(Problem(name, line, "uses a YAML alias (*)", fix="write the value out"))
        return None
    if isinstance(node, yaml.ScalarNode):
        if node.tag == "tag:yaml.org,2002:null" and node.style is None and node.value in _NULL:
            return None
        if node.style is None and _CODE.match(node.value) and " " not in node.value:
            problems.append(
                Problem(
                    name,
                    line,
                    f"code {node.value} is not quoted",
                    fix=f'write "{node.value}" in double quotes',
                )
            )
        if not node.tag.startswith("tag:yaml.org,2002:"):
            problems.append(Problem(name, line, f"uses the YAML tag {node.tag}", fix="remove the tag"))
        return node.value
    seen.add(id(node))
    if not node.tag.startswith("tag:yaml.org,2002:"):
        problems.append(Problem(name, line, f"uses the YAML tag {node.tag}", fix="remove the tag"))
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, name, problems, seen) for child in node.value]
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            where = key_node.start_mark.line + 1
            problems.append(Problem(name, where, "has a key that is not a word", fix="use a plain word as key"))
            continue
        key = key_node.value
        if key in result:
            where = key_node.start_mark.line + 1
            problems.append(Problem(name, where, f"has the key '{key}' twice", fix="keep one of them"))
        result[key] = _build(value_node, name, problems, seen)
    return result


def _lines_of(path: Path) -> dict[Location, int]:
    lines: dict[Location, int] = {}
    try:
        root = _compose(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError, EncodingError):
        return lines

    def walk(node: Any, location: Location) -> None:
        lines.setdefault(location, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            for position, child in enumerate(node.value):
                walk(child, (*location, position))
        elif isinstance(node, yaml.MappingNode):
            for key_node, child in node.value:
                key = (*location, str(key_node.value))
                lines[key] = key_node.start_mark.line + 1
                walk(child, key)

    if root is not None:
        walk(root, ())
    return lines


@contextmanager
def _no_gc() -> Iterator[None]:
    """Composing makes many small objects at once; the collector finds nothing there and doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
