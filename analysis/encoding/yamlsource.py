"""YAML read the careful way: everything stays text, every value keeps its line.

Nothing becomes a date, a number or a boolean behind the author's back (``NO``, ``on``, ``3E001`` and ``2024-12-02``
stay text); only an unquoted ``null``, ``~`` or nothing at all is ``None``. Duplicate keys, aliases and tags are errors.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
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
_CACHE_FORM = "2"
#: No form nests deeper than a dozen levels.
DEEPEST = 40


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
    kept = cache / _kept_as(digest) if cache else None
    if kept is not None:
        with suppress(OSError, ValueError):
            data, lines = json.loads(kept.read_text("utf-8"))
            return Source(path, name, data, lines, digest)
    data, lines = _parse(raw, name)
    if kept is not None:
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(f".{os.getpid()}.part")
            partial.write_text(json.dumps([data, lines], ensure_ascii=False), "utf-8")
            partial.replace(kept)
    return Source(path, name, data, lines, digest)


def _kept_as(digest: str) -> str:
    return f"{digest[:32]}-{_CACHE_FORM}.json"


def prune(cache: Path, sources: Iterable[Source]) -> None:
    """Throw old parses away once they are many more than the files; a few editions back stay quick to read."""
    wanted = {_kept_as(source.digest) for source in sources}
    with suppress(OSError):
        there = [path for path in cache.iterdir() if path.name not in wanted]
        if len(there) > 8 * len(wanted):
            for path in there:
                path.unlink(missing_ok=True)


def _parse(raw: bytes, name: str) -> tuple[Any, list[int]]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problem = Problem(name, line, "is not UTF-8 text", fix="save the file as UTF-8")
        raise EncodingError([problem]) from None
    problems: list[Problem] = []
    with no_gc():
        data, lines = _build(text, name, problems)
    if problems:
        raise EncodingError(problems)
    return data, lines


def _build(
    text: str, name: str, problems: list[Problem], locations: dict[Location, int] | None = None
) -> tuple[Any, list[int]]:
    """The data of a document, and the line of each entry of its outermost list.

    Built from parser events without recursion and without a tree of nodes, so neither depth nor aliases can exhaust
    anything. ``locations`` is filled with the line of everything, when it is given.
    """
    root: Any = None
    lines: list[int] = []
    open_: list[list[Any] | dict[str, Any]] = []  # lists and mappings not yet closed, outermost first
    keys: list[str | None] = []  # of each: the key that waits for its value (None: a key comes next, or a list)
    where: list[Location] = []  # of each: its place, where places are asked for
    documents = 0
    for event in _events(text, name):
        kind = type(event)
        if kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
            open_.pop()
            keys.pop()
            if locations is not None:
                where.pop()
            continue
        value: Any
        if kind is yaml.ScalarEvent:
            value = event.value
        elif kind is yaml.SequenceStartEvent:
            value = []
        elif kind is yaml.MappingStartEvent:
            value = {}
        elif kind is yaml.AliasEvent:
            problems.append(Problem(name, _line(event), "uses a YAML alias (*)", fix="write the value out"))
            value = None
        else:
            if kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    what = "holds a second document after '---'"
                    raise EncodingError([Problem(name, _line(event), what, fix="keep one list of records per file")])
            continue
        if kind is not yaml.AliasEvent and event.tag is not None:
            problems.append(Problem(name, _line(event), f"uses the YAML tag {event.tag}", fix="remove the tag"))
        parent = open_[-1] if open_ else None
        if isinstance(parent, dict) and keys[-1] is None:
            if kind is not yaml.ScalarEvent:
                problems.append(
                    Problem(name, _line(event), "has a key that is not a word", fix="use a plain word as key")
                )
                keys[-1] = ""
            else:
                if value in parent:
                    problems.append(Problem(name, _line(event), f"has the key '{value}' twice", fix="keep one of them"))
                keys[-1] = value
                if locations is not None:
                    locations[(*where[-1], value)] = _line(event)
                continue
            place: Location = ()
        else:
            if kind is yaml.ScalarEvent and not event.style:
                if value in _NULL:
                    value = None
                elif _CODE.match(value) and " " not in value:
                    message, fix = f"code {value} is not quoted", f'write "{value}" in double quotes'
                    problems.append(Problem(name, _line(event), message, fix=fix))
            if parent is None:
                root, place = value, ()
            elif isinstance(parent, dict):
                key = keys[-1] or ""
                parent[key], keys[-1] = value, None
                place = (*where[-1], key) if locations is not None else ()
            else:
                if len(open_) == 1:
                    lines.append(_line(event))
                place = (*where[-1], len(parent)) if locations is not None else ()
                parent.append(value)
            if locations is not None:
                locations.setdefault(place, _line(event))
        if isinstance(value, (list, dict)):
            open_.append(value)
            keys.append(None)
            if locations is not None:
                where.append(place)
            if len(open_) > DEEPEST:
                problem = Problem(name, _line(event), f"is nested more than {DEEPEST} deep", fix="flatten the file")
                raise EncodingError([problem])
    return root, lines


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _events(text: str, name: str) -> Iterator[Any]:
    """Events of libyaml; what it refuses becomes one sentence."""
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        what = error.problem or error.context or "cannot be read"
        raise EncodingError(
            [Problem(name, line, f"broken YAML: {what}", fix="mend the indentation or quoting")]
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        what = f"broken YAML: control character #x{int(error.character):04x}"
        raise EncodingError([Problem(name, line, what, fix="remove the character")]) from None
    except yaml.YAMLError as error:
        raise EncodingError([Problem(name, 0, f"broken YAML: {error}", fix="mend the file")]) from None


def _lines_of(path: Path) -> dict[Location, int]:
    locations: dict[Location, int] = {}
    with suppress(OSError, UnicodeDecodeError, EncodingError), no_gc():
        _build(path.read_text("utf-8"), str(path), [], locations)
    return locations


@contextmanager
def no_gc() -> Iterator[None]:
    """Reading makes many small objects at once; the collector finds nothing there and doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
