"""Bundles that are not in form stop the report with the cell and what is wrong; the manual's own examples are in form."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import samples

from analysis.protocol import (
    DOCUMENT_MIME,
    FIGURE_MIME,
    INPUTS_MIME,
    REFERENCES_MIME,
    TABLE_MIME,
)
from analysis.reporting.blocks import Figure, Sources, Table, Text, Verbatim, figure, table, title_block
from analysis.reporting.documents import RESOURCES
from analysis.reporting.errors import ReportError
from analysis.reporting.manuscript import manuscript

PNG = samples.bars().bundle["image/png"]
TABLE = {"id": "t", "caption": "c", "columns": [{"key": "a", "label": "A"}], "rows": [["x"]]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "../../x"}, "the id of a table is '../../x'; use lower-case letters, digits and hyphens"),
        ({"csv": "a/b"}, "the file name of table 't' is 'a/b'"),
        ({"rows": [["x", "y"]]}, "row 1 of table 't' has 2 cells; the table has 1 columns"),
        ({"rows": ["x"]}, "row 1 of table 't' has 0 cells"),
        ({"rows": [[{"txt": "x"}]]}, "a run of row 1 of table 't' has the unknown key 'txt'; nearest valid name: text"),
        ({"rows": [[{"text": "x", "mark": "bold"}]]}, "is marked 'bold'; marks are strong, em"),
        ({"rows": [[object()]]}, "row 1 of table 't' holds object"),
        ({"columns": []}, "table 't' has no columns"),
        ({"columns": [{"key": "a"}, {"key": "a"}], "rows": []}, "table 't' has the column 'a' twice"),
        ({"columns": [{"key": "a", "align": "middle"}]}, "column 'a' of table 't' is aligned 'middle'"),
        ({"colums": []}, "a table has the unknown key 'colums'; nearest valid name: columns"),
        (
            {"data": {"columns": ["a"], "rows": [["x", "y"]]}},
            "row 1 of the data of table 't' has 2 values for 1 columns",
        ),
    ],
)
def test_tables_out_of_form(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ReportError) as told:
        table({**TABLE, **change}, 7)
    assert str(told.value).startswith("cell 7: ")
    assert message in str(told.value)


@pytest.mark.parametrize(
    ("data", "png", "message"),
    [
        ({"id": "f", "caption": "c"}, PNG, "figure 'f' has no 'alt'"),
        ({"id": "f", "caption": "c", "alt": "  "}, PNG, "'alt' of figure 'f' is empty"),
        ({"id": "f", "alt": "a"}, PNG, "figure 'f' has no 'caption'"),
        ({"id": "F!", "caption": "c", "alt": "a"}, PNG, "the id of a figure is 'F!'"),
        ({"id": "f", "caption": "c", "alt": "a"}, "", "figure 'f' has no picture beside it"),
        ({"id": "f", "caption": "c", "alt": "a"}, "aGVsbG8=", "is not a PNG in base64"),
        ({"id": "f", "caption": "c", "alt": "a", "width": 3}, PNG, "'width' of figure 'f' is 3"),
        ("text", PNG, "a figure is not an object"),
    ],
)
def test_figures_out_of_form(data: Any, png: str, message: str) -> None:
    with pytest.raises(ReportError) as told:
        figure(data, "", png, 3)
    assert message in str(told.value)


def test_a_title_is_needed() -> None:
    with pytest.raises(ReportError, match="the document has no 'title'"):
        title_block({"subtitle": "x"}, 1)
    with pytest.raises(ReportError, match="'as_of' of the document is list"):
        title_block({"title": "x", "as_of": ["2026"]}, 1)


def _cell(*outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"cell_type": "code", "source": "code()", "metadata": {"tags": list(tags)}, "outputs": list(outputs)}


def _shown(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_what_a_cell_shows_becomes_a_block() -> None:
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": ["a\n", "b"], "metadata": {}},
            {"cell_type": "markdown", "source": "for the author", "metadata": {"tags": ["notebook-only"]}},
            _cell({"output_type": "stream", "name": "stdout", "text": ["\x1b[31mred\x1b[0m\n"]}),
            _cell({"output_type": "stream", "name": "stderr", "text": "a warning"}),
            _cell(_shown(**{"text/html": "<b>x</b>", "text/plain": "x"})),
            _cell(_shown(**{"image/png": PNG, "text/plain": "<Figure>"})),
            _cell(_shown(**{TABLE_MIME: TABLE, "text/html": "<table>"})),
            _cell(_shown(**{REFERENCES_MIME: {"items": [{"id": "a"}]}})),
            _cell(_shown(**{INPUTS_MIME: {"files": ["a.yaml"]}})),
            {"cell_type": "raw", "source": "raw", "metadata": {}},
        ]
    }
    made = manuscript(notebook)
    assert [type(block) for block in made.blocks] == [Text, Verbatim, Verbatim, Figure, Table, Sources]
    assert [block.text for block in made.blocks if isinstance(block, Verbatim)] == ["red", "x"]
    assert made.inputs["files"] == ["a.yaml"]


def test_ids_are_not_used_twice() -> None:
    twice = {"cells": [_cell(_shown(**{TABLE_MIME: TABLE})), _cell(_shown(**{TABLE_MIME: TABLE}))]}
    with pytest.raises(ReportError, match=r"cell 2: two tables have the id 't' \(first in cell 1\)"):
        manuscript(twice)
    titles = {"cells": [_cell(_shown(**{DOCUMENT_MIME: {"title": "x"}}), _shown(**{DOCUMENT_MIME: {"title": "x"}}))]}
    with pytest.raises(ReportError, match="two title blocks"):
        manuscript(titles)


def test_cells_are_counted_as_the_author_sees_them() -> None:
    bad = _cell(_shown(**{TABLE_MIME: {**TABLE, "id": "?"}}))
    with pytest.raises(ReportError, match="cell 2: "):
        manuscript({"cells": [_cell(tags=("parameters",)), _cell(tags=("injected-parameters",)), bad]})


def test_the_examples_of_the_manual_are_in_form() -> None:
    text = (RESOURCES / "README.md").read_text("utf-8")
    found = {}
    for section in re.split(r"^### ", text, flags=re.M):
        mime, body = re.search(r"`(application/vnd[^`]+)`", section), re.search(r"```json\n(.*?)```", section, re.S)
        if mime and body:
            found[mime.group(1)] = json.loads(body.group(1))
    assert set(found) == {DOCUMENT_MIME, FIGURE_MIME, TABLE_MIME, REFERENCES_MIME, INPUTS_MIME}
    assert manuscript({"cells": [_cell(_shown(**{REFERENCES_MIME: found[REFERENCES_MIME]}))]}).references
    assert title_block(found[DOCUMENT_MIME], 1).as_of == "2026-07-23"
    assert figure(found[FIGURE_MIME], "", PNG, 1).alt
    assert table(found[TABLE_MIME], 1).wide
    assert manuscript({"cells": [_cell(_shown(**{INPUTS_MIME: found[INPUTS_MIME]}))]}).inputs["sides"]
