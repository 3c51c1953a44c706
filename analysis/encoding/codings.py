"""Writing codings into the files of statements: textually, so that comments and layout stay, and all or nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from analysis.encoding.forms import Coding
from analysis.encoding.problems import EncodingError, Problem, WorkbenchError


def with_codings(text: str, new: Mapping[str, Mapping[str, Coding]], name: str) -> str:
    """The text of a statements file with codings added or replaced.

    ``new`` gives codings by statement id and coder; ``name`` is how messages call the file. Everything else keeps its form.
    """
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(root, yaml.SequenceNode):
        raise EncodingError([Problem(name, 1, "should hold a list of statements")])
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(mark: Any) -> int:
        return int(starts[mark.line] + mark.column)

    changes: list[tuple[int, int, str]] = []
    for record in root.value:
        fields = {key.value: (key, value) for key, value in record.value}
        statement = fields["id"][1].value if "id" in fields else ""
        if statement not in new:
            continue
        key, value = fields["codes"]
        codes = {k.value: _coding(v) for k, v in value.value}
        codes.update(new[statement])
        indent = " " * (key.start_mark.column + 2)
        lines = "".join(f"\n{indent}{coder}: {render(coding)}" for coder, coding in codes.items())
        changes.append((offset(key.start_mark) + len("codes:"), offset(_end(value)), lines))
    for start, end, lines in sorted(changes, reverse=True):
        text = text[:start] + lines + text[end:]
    return text


def render(coding: Coding) -> str:
    """One coding in flow style, as the files have it."""
    frames = ", ".join(coding.frames)
    return f'{{frames: [{frames}], codebook: "{coding.codebook}", from: {coding.from_}}}'


def _coding(node: Any) -> Coding:
    fields = {k.value: v for k, v in node.value}
    return Coding(
        frames=[f.value for f in fields["frames"].value],
        codebook=fields["codebook"].value,
        **{"from": fields["from"].value},
    )


def _end(node: Any) -> Any:
    """Where the last thing of a node ends; the end mark of a block runs on over blank lines and comments."""
    if isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False) or not node.value:
        return node.end_mark
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def write_all(files: Mapping[Path, str]) -> None:
    """Write several files, or none: all go to new files beside the old ones first, then take their places."""
    made: list[tuple[Path, Path]] = []
    try:
        for path, text in files.items():
            partial = path.with_name(f".{path.name}.{os.getpid()}.part")
            partial.write_text(text, "utf-8")
            made.append((partial, path))
    except OSError as error:
        for partial, _ in made:
            partial.unlink(missing_ok=True)
        raise WorkbenchError(f"{path}: cannot be written ({error.strerror}); nothing was changed") from None
    for partial, path in made:
        partial.replace(path)
