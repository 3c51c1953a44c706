"""JSON Schemas of the forms, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from analysis.encoding.reading import FILE_FORMS, SINGLE


def schema(form: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one form of file."""
    model = FILE_FORMS[form]
    adapter: TypeAdapter[Any] = TypeAdapter(model if form in SINGLE else list[model])  # type: ignore[valid-type]
    made = adapter.json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Regime Workbench: {form}",
        **made,
    }


def render(form: str) -> str:
    return json.dumps(schema(form), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write all schemas into ``folder`` (``regimes/schema``); returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for form in FILE_FORMS:
        path = folder / f"{form}.schema.json"
        path.write_text(render(form), "utf-8")
        written.append(path)
    return written
