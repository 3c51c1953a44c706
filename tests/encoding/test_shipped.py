"""The encodings that the project ships: sound, with fresh schemas and modelines that lead to them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.compare.consistency import contradictions
from analysis.encoding import schema
from analysis.encoding.check import check
from analysis.encoding.library import Library, load
from analysis.encoding.reading import FILE_FORMS, SINGLE
from analysis.encoding.yamlsource import read_yaml

REGIMES = Path(__file__).resolve().parents[2] / "regimes"
FILES = sorted(REGIMES.rglob("*.yaml"))
MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$")


@pytest.fixture(scope="module")
def shipped() -> Library:
    return load(REGIMES.parent, strict=False, cache=False)


def form_of(path: Path) -> str:
    """The form that a file must have, from where it stands."""
    return "controls" if path.parent.name == "controls" else path.stem


def test_the_check_is_clean(shipped: Library) -> None:
    """What ``regimes check`` says: relations between records, and mappings against thresholds."""
    assert "\n".join(map(str, sorted({*check(shipped), *contradictions(shipped)}))) == ""


def test_every_regime_is_there(shipped: Library) -> None:
    expected = "us-ear eu-dual-use nl-national un-human-rights wassenaar de-national uk-strategic"
    assert sorted(shipped.regimes) == sorted(expected.split())


@pytest.mark.parametrize("form", sorted(FILE_FORMS))
def test_schema_is_fresh(form: str) -> None:
    written = (REGIMES / "schema" / f"{form}.schema.json").read_text("utf-8")
    assert written == schema.render(form), "write them anew: analysis.encoding.schema.write_schemas"


def test_no_schema_of_a_form_that_is_gone() -> None:
    assert sorted(p.name for p in (REGIMES / "schema").iterdir()) == sorted(f"{f}.schema.json" for f in FILE_FORMS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(REGIMES).as_posix())
def test_modeline_leads_to_the_right_schema(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    match = MODELINE.match(first)
    assert match, "the first line is no modeline"
    wanted = REGIMES / "schema" / f"{form_of(path)}.schema.json"
    assert match[1] == Path(os.path.relpath(wanted, path.parent)).as_posix()


def test_schemas_name_every_key_that_the_files_use() -> None:
    """An editor that completes from the schema knows each key that stands in a file, at any depth."""
    for path in FILES:
        form = form_of(path)
        known = set(_properties(json.loads(schema.render(form))))
        data = read_yaml(path).data
        for record in [data] if form in SINGLE else data or []:
            assert set(_keys(record)) <= known, path


def _properties(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for value in node.values():
            yield from _properties(value)
    elif isinstance(node, list):
        for value in node:
            yield from _properties(value)


#: Mappings whose keys are the author's own.
_FREE = {"identifiers", "codes"}


def _keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            if key in _FREE and isinstance(value, dict):
                for inner in value.values():
                    yield from _keys(inner)
            else:
                yield from _keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from _keys(value)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(REGIMES).as_posix())
def test_reads_as_plain_yaml_does(path: Path) -> None:
    """Our reader and the plain one (which knows only text, lists and mappings) see the same file."""
    plain = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)
    assert _nothing_as_empty(read_yaml(path).data) == _nothing_as_empty(plain)


def _nothing_as_empty(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _nothing_as_empty(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_nothing_as_empty(value) for value in node]
    return "" if node in (None, "null", "~") else node


def test_no_way_out_of_the_project_is_named() -> None:
    """Evidence names public documents, never a path on somebody's machine."""
    for path in FILES:
        text = path.read_text("utf-8")
        assert not re.search(r"(^|[\s\"'(])(/(?:work|tmp|home)/|\.\./shared|research/)", text), path
