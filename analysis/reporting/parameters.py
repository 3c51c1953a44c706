"""The parameters of a notebook: read from its tagged cell without running it, and what is given checked against them."""

from __future__ import annotations

import ast
import json
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from analysis.encoding.problems import nearest
from analysis.reporting.errors import ReportError

TAG = "parameters"


@dataclass(frozen=True)
class Parameter:
    """One parameter: its default is a plain literal, the comment after it says what it does."""

    name: str
    default: Any
    comment: str

    @property
    def kind(self) -> str:
        """What it holds, in words."""
        if isinstance(self.default, bool):
            return "yes or no"
        names = {str: "text", int: "a whole number", float: "a number", list: "a list", dict: "a mapping"}
        return names.get(type(self.default), "text")


def read_notebook(path: Path, name: str) -> dict[str, Any]:
    """A notebook file as JSON. Raises ReportError when it is missing or no notebook."""
    try:
        notebook = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        near = nearest(path.stem, [p.stem for p in path.parent.glob("*.ipynb")]) if path.parent.is_dir() else ""
        raise ReportError(f"{name}: there is no such notebook" + (f"; nearest: {near}.ipynb" if near else "")) from None
    except OSError as error:
        raise ReportError(f"{name}: cannot be read ({error.strerror})") from None
    except ValueError:
        raise ReportError(f"{name}: is not a notebook (its JSON is broken); save it again from JupyterLab") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ReportError(f"{name}: is not a notebook (it has no cells)")
    return notebook


def read_parameters(notebook: Mapping[str, Any], name: str) -> dict[str, Parameter]:
    """The parameters of a notebook by name, in order; ``name`` is how messages call the notebook.

    Raises ReportError when there is no such cell, when there are several, or when one holds more than plain literals.
    """
    tagged = [
        (number, cell)
        for number, cell in enumerate(notebook["cells"], start=1)
        if TAG in cell.get("metadata", {}).get("tags", []) and cell.get("cell_type") == "code"
    ]
    if not tagged:
        raise ReportError(
            f"{name}: has no cell tagged 'parameters'; give that tag to the cell that sets them "
            "(in JupyterLab: the gear at the top right, Cell tags)"
        )
    if len(tagged) > 1:
        numbers = " and ".join(str(number) for number, _ in tagged)
        raise ReportError(f"{name}: cells {numbers} are both tagged 'parameters'; keep one")
    number, cell = tagged[0]
    source = cell["source"]
    return _literals("".join(source) if isinstance(source, list) else source, f"{name}, cell {number}")


def _literals(source: str, where: str) -> dict[str, Parameter]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ReportError(
            f"{where}, line {error.lineno}: {error.msg}; parameters are lines such as name = 'value'"
        ) from None
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for statement in tree.body:
        name, value = _assignment(statement)
        if name is None or value is None:
            raise ReportError(
                f"{where}, line {statement.lineno}: is not of the form name = value; move it to another cell"
            )
        try:
            default = ast.literal_eval(value)
        except ValueError:
            raise ReportError(
                f"{where}, line {statement.lineno}: the value of '{name}' is computed; parameters are plain values"
            ) from None
        found[name] = Parameter(name, default, comments.get(statement.end_lineno or statement.lineno, ""))
    return found


def _assignment(statement: ast.stmt) -> tuple[str | None, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    return None, None


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}


def fit(given: Mapping[str, Any], known: Mapping[str, Parameter], name: str) -> dict[str, Any]:
    """``given`` in the types of the notebook's parameters.

    Values may be text (from a command line or from YAML, where everything is text) or already of the right type. Raises
    ReportError for the first unknown name or value of the wrong type.
    """
    fitted: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known:
            near = nearest(key, known)
            hint = f"nearest valid name: {near}" if near else f"it has {', '.join(known) or 'none'}"
            raise ReportError(f"{name} has no parameter '{key}'; {hint}")
        fitted[key] = _fit_value(value, known[key], name)
    return fitted


def _fit_value(value: Any, parameter: Parameter, name: str) -> Any:
    default = parameter.default
    try:
        return _converted(value, default)
    except (ValueError, TypeError):
        shown = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else f"'{value}'"
        example = json.dumps(default, ensure_ascii=False)
        raise ReportError(
            f"parameter '{parameter.name}' of {name} is {parameter.kind}, such as {example}; {shown} is not"
        ) from None


def _converted(value: Any, default: Any) -> Any:
    if default is None:
        return value
    if isinstance(default, bool):
        return _yes_or_no(value)
    if isinstance(default, list):
        return _items(value, default)
    if isinstance(default, int | float) and isinstance(value, bool):
        raise TypeError
    if isinstance(default, int):
        if isinstance(value, float) and not value.is_integer():
            raise ValueError
        return int(value)
    if isinstance(default, float):
        return float(value)
    if isinstance(default, str) and isinstance(value, str):
        return value
    if isinstance(default, dict) and isinstance(value, Mapping):
        return dict(value)
    raise TypeError


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError


def _items(value: Any, default: list[Any]) -> list[Any]:
    """A list from a list, or from text: ``a, b`` or ``[a, b]``."""
    if isinstance(value, str):
        value = [part.strip().strip("\"'") for part in value.strip().removeprefix("[").removesuffix("]").split(",")]
        value = [part for part in value if part]
    if not isinstance(value, list | tuple):
        raise TypeError
    example = default[0] if default else ""
    return [_converted(item, example) for item in value]
