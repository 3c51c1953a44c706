"""Parameters are read without running the notebook, and what is given is checked against them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import NOTEBOOKS

from analysis.reporting.errors import ReportError
from analysis.reporting.parameters import fit, read_notebook, read_parameters


def _known() -> Any:
    return read_parameters(read_notebook(NOTEBOOKS / "ordinary.ipynb", "ordinary.ipynb"), "ordinary.ipynb")


def test_names_defaults_and_comments() -> None:
    known = _known()
    assert list(known) == ["as_of", "threshold", "sides", "hostile"]
    assert known["threshold"].default == 4800
    assert known["threshold"].comment == "what the table shows"
    assert known["sides"].default == ["us-ear", "eu-dual-use"]


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ({"threshold": "1600"}, {"threshold": 1600}),
        ({"threshold": 1600}, {"threshold": 1600}),
        ({"hostile": "yes"}, {"hostile": True}),
        ({"hostile": False}, {"hostile": False}),
        ({"sides": "us-ear, law-in:nl"}, {"sides": ["us-ear", "law-in:nl"]}),
        ({"sides": "[us-ear]"}, {"sides": ["us-ear"]}),
        ({"sides": ["us-ear", "eu-dual-use@2020-01-01"]}, {"sides": ["us-ear", "eu-dual-use@2020-01-01"]}),
        ({"sides": "[]"}, {"sides": []}),
        ({"as_of": "2025-01-01"}, {"as_of": "2025-01-01"}),
    ],
)
def test_values_take_the_type_of_the_notebook(given: dict[str, Any], fitted: dict[str, Any]) -> None:
    assert fit(given, _known(), "ordinary.ipynb") == fitted


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"treshold": "1"}, "ordinary.ipynb has no parameter 'treshold'; nearest valid name: threshold"),
        (
            {"threshold": "many"},
            "parameter 'threshold' of ordinary.ipynb is a whole number, such as 4800; 'many' is not",
        ),
        ({"threshold": True}, "parameter 'threshold' of ordinary.ipynb is a whole number, such as 4800; true is not"),
        ({"hostile": "perhaps"}, "parameter 'hostile' of ordinary.ipynb is yes or no, such as false; 'perhaps' is not"),
        ({"sides": {"a": "b"}}, "parameter 'sides' of ordinary.ipynb is a list"),
        ({"as_of": ["2025-01-01"]}, "parameter 'as_of' of ordinary.ipynb is text"),
    ],
)
def test_wrong_values_are_told(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ReportError) as told:
        fit(given, _known(), "ordinary.ipynb")
    assert str(told.value).startswith(message)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("without-parameters", "has no cell tagged 'parameters'"),
        ("two-parameter-cells", "cells 1 and 2 are both tagged 'parameters'; keep one"),
        ("computed-parameters", "is not of the form name = value"),
    ],
)
def test_notebooks_that_cannot_be_parameterised(name: str, message: str) -> None:
    with pytest.raises(ReportError, match=message.replace("'", ".")):
        read_parameters(read_notebook(NOTEBOOKS / f"{name}.ipynb", name), name)


def test_a_computed_value_is_told(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": "a = 1\nb = len('x')", "metadata": {"tags": ["parameters"]}}
    with pytest.raises(ReportError, match="x, cell 1, line 2: the value of 'b' is computed"):
        read_parameters({"cells": [cell]}, "x")


def test_missing_and_broken_notebooks(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"there is no such notebook; nearest: ordinary\.ipynb"):
        read_notebook(NOTEBOOKS / "ordinery.ipynb", "ordinery.ipynb")
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{")
    with pytest.raises(ReportError, match="its JSON is broken"):
        read_notebook(broken, "broken.ipynb")
    broken.write_text("[]")
    with pytest.raises(ReportError, match="it has no cells"):
        read_notebook(broken, "broken.ipynb")
