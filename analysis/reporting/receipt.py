"""``receipt.json``: what went into a report, what came out, and with which programs, so that it can be checked."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis.reporting.errors import ReportError
from analysis.reporting.pandoc import program

_LIBRARIES = (
    "regime-workbench", "papermill", "nbclient", "nbformat", "ipykernel", "numpy", "pandas", "matplotlib", "lxml", "typst",
    "xlsxwriter", "pypandoc_binary",
)  # fmt: skip


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def versions() -> dict[str, str]:
    """Python, Pandoc and the libraries that had a hand in it."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name.lower()] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    said = subprocess.run([program(), "--version"], capture_output=True, text=True, check=False).stdout.split()
    found["pandoc"] = said[1] if len(said) > 1 else "unknown"
    return found


def input_files(listed: Iterable[Any], root: Path) -> list[dict[str, str]]:
    """The files that a notebook says it read, each with its hash. Raises ReportError for one outside the project."""
    files = []
    for entry in listed:
        given = {"path": entry} if isinstance(entry, str) else dict(entry)
        path = (root / str(given.get("path", ""))).resolve()
        if not path.is_relative_to(root.resolve()):
            raise ReportError(f"the notebook says that it read '{given.get('path')}', which lies outside the project")
        digest = given.get("sha256") or (sha256(path) if path.is_file() else "missing")
        files.append({"path": path.relative_to(root.resolve()).as_posix(), "sha256": digest})
    return sorted(files, key=lambda item: item["path"])


def project_files(paths: Iterable[Path], root: Path) -> list[dict[str, str]]:
    """Files of the project that shape every report: notebook, plan, styles, templates."""
    return [
        {"path": path.resolve().relative_to(root.resolve()).as_posix(), "sha256": sha256(path)}
        for path in sorted(paths)
        if path.is_file()
    ]


def write_receipt(
    folder: Path, about: Mapping[str, Any], inputs: Mapping[str, Any], files: list[dict[str, str]]
) -> None:
    """Write ``folder/receipt.json`` over everything that is in the folder.

    ``about`` says which report this is (name, title, notebook, parameters, formats), ``inputs`` what the notebook said
    about sides, ``files`` every input with its hash.
    """
    outputs = [
        {"path": path.relative_to(folder).as_posix(), "sha256": sha256(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "receipt.json"
    ]
    receipt = {
        **about,
        "data_version": inputs.get("data_version", ""),
        "sides": inputs.get("sides", []),
        "inputs": files,
        "outputs": outputs,
        "versions": versions(),
    }
    text = json.dumps(receipt, ensure_ascii=False, indent=2) + "\n"
    (folder / "receipt.json").write_text(text, "utf-8")
