"""From YAML records to forms: validate, and say what is wrong in words of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from analysis.encoding import forms
from analysis.encoding.problems import Problem, nearest
from analysis.encoding.yamlsource import Location, Source

M = TypeVar("M", bound=BaseModel)

#: Form of each file, by name of the file (or of its folder, for controls).
FILE_FORMS: dict[str, type[BaseModel]] = {
    "regime": forms.Regime,
    "instruments": forms.Instrument,
    "controls": forms.Control,
    "provisions": forms.Provision,
    "statements": forms.Statement,
    "findings": forms.Finding,
    "mappings": forms.Mapping,
    "events": forms.Event,
    "documents": forms.Document,
    "products": forms.Product,
    "literature": forms.Work,
    "technologies": forms.Technology,
    "mechanisms": forms.Mechanism,
    "frames": forms.Codebook,
    "quantities": forms.Quantity,
    "reasons": forms.Reason,
    "actors": forms.Actor,
    "destinations": forms.Destination,
    "jurisdictions": forms.Jurisdiction,
}
#: Files that hold one mapping instead of a list of records.
SINGLE = frozenset({"regime", "frames"})


def read_records(source: Source, form: str, regime: str = "") -> tuple[list[Any], list[Problem]]:
    """All valid records of a file in its order, and a problem for everything that is not."""
    model = FILE_FORMS[form]
    if form in SINGLE:
        if not isinstance(source.data, dict):
            return [], [
                Problem(
                    source.name,
                    1,
                    f"should hold one {form} as 'key: value' lines",
                    fix="see regimes/README.md",
                )
            ]
        items: list[tuple[Location, Any]] = [((), source.data)]
    elif source.data is None:
        items = []
    elif isinstance(source.data, list):
        items = [((i,), item) for i, item in enumerate(source.data)]
    else:
        return [], [Problem(source.name, 1, f"should hold a list of {form}", fix="start each record with '- '")]
    records: list[Any] = []
    problems: list[Problem] = []
    for position, (location, item) in enumerate(items):
        line = 1 if location == () else source.record_lines[position]
        try:
            record = model.model_validate(item)
        except ValidationError as error:
            problems.extend(_explain(source, model, location, error))
            continue
        private = record.__pydantic_private__
        if private is not None:
            private["_file"], private["_line"], private["_regime"] = source.name, line, regime
        records.append(record)
    return records, problems


def _explain(source: Source, model: type[BaseModel], location: Location, error: ValidationError) -> Iterable[Problem]:
    for one in error.errors(include_url=False):
        loc = (*location, *one["loc"])
        yield Problem(source.name, source.line(loc), *_sentence(model, one))


def _sentence(model: type[BaseModel], one: Any) -> tuple[str, str, str]:
    kind, context = one["type"], one.get("ctx", {})
    loc: Location = tuple(part for part in one["loc"] if part != "[key]")
    key = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
    value = one["input"]
    if kind == "extra_forbidden":
        return f"unknown key '{key}'", nearest(key, _keys(model, loc[:-1])), "rename or remove it"
    if kind == "missing":
        return f"key '{key}' is missing", "", f"add '{key}:'"
    if kind == "literal_error":
        allowed = _allowed(context.get("expected", ""))
        return (
            f"'{value}' is not a valid {key}",
            nearest(str(value), allowed),
            f"use one of: {', '.join(allowed)}",
        )
    if kind == "value_error":
        return str(context.get("error", one["msg"])), "", ""
    if kind == "string_pattern_mismatch":
        if "[key]" in one["loc"]:
            return f"'{value}' is not a valid key here", "", "use lower-case letters, digits and hyphens only"
        lower = "" if "A-Z" in context.get("pattern", "") else "lower-case "
        return f"'{value}' is not a valid {key}", "", f"use {lower}letters, digits and hyphens only"
    if kind == "too_short":
        return f"'{key}' is empty", "", "write at least one entry"
    if kind == "string_too_short":
        return f"'{key}' is empty", "", "write it or remove the key"
    if kind in {
        "string_type",
        "list_type",
        "dict_type",
        "model_type",
        "model_attributes_type",
        "bool_type",
        "bool_parsing",
    }:
        wanted = {
            "string_type": "text",
            "list_type": "a list",
            "bool_type": "true or false",
            "bool_parsing": "true or false",
        }.get(kind, "'key: value' lines")
        return f"'{key or 'this record'}' should be {wanted}, not {_shape(value)}", "", ""
    return f"'{key}': {one['msg']}", "", ""


def _shape(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"the text '{value}'"


def _allowed(expected: str) -> list[str]:
    return [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]


def _keys(model: type[BaseModel], loc: Location) -> list[str]:
    """Valid keys of the mapping at ``loc`` inside a record."""
    current: type[BaseModel] | None = model
    for part in loc:
        if isinstance(part, int) or current is None:
            continue
        found = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
        current = _model_in(found.annotation) if found else current
    return _field_names(current or model)


@lru_cache
def _field_names(model: type[BaseModel]) -> list[str]:
    return [f.alias or n for n, f in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_in(inner)
        if found:
            return found
    return None
