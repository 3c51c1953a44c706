"""``reports/build/index.html``: one page over all reports that are there, made from their receipts."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from analysis.reporting.documents import RESOURCES
from analysis.reporting.words import long_date

_LABELS = {"html": "Web page", "docx": "Word", "pdf": "PDF"}


def write_index(build: Path, order: list[str], resources: Path = RESOURCES) -> None:
    """Write ``index.html`` into ``build``: the reports in the order of the plan, others after them."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(build.glob("*/receipt.json")):
        if path.parent.name.startswith("."):
            continue
        try:
            found[path.parent.name] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
    names = [*[name for name in order if name in found], *sorted(set(found) - set(order))]
    entries = "\n".join(_entry(name, found[name]) for name in names)
    template = (resources / "templates" / "index.html").read_text("utf-8")
    style = (resources / "styles" / "report.css").read_text("utf-8")
    page = template.replace("/* report.css */", style).replace("<!-- reports -->", entries or "<p>No report yet.</p>")
    part = build / "index.html.part"
    part.write_text(page, "utf-8")
    part.replace(build / "index.html")


def _entry(name: str, receipt: dict[str, Any]) -> str:
    outputs = {output["path"]: output["bytes"] for output in receipt.get("outputs", [])}
    title = html.escape(str(receipt.get("title") or name))
    links = []
    for form, label in _LABELS.items():
        if f"{name}.{form}" in outputs:
            links.append(_link(f"{name}/{name}.{form}", label, outputs[f"{name}.{form}"]))
    for path, label in ((f"{name}.ipynb", "Notebook"), ("tables.xlsx", "Tables"), ("receipt.json", "Receipt")):
        if path in outputs or path == "receipt.json":
            links.append(_link(f"{name}/{path}", label, outputs.get(path)))
    about = []
    if receipt.get("as_of"):
        about.append(f"As of {html.escape(long_date(str(receipt['as_of']), 'en'))}")
    if receipt.get("data_version"):
        about.append(f"data version {html.escape(str(receipt['data_version']))}")
    about_line = f"<p>{', '.join(about)}</p>" if about else ""
    kind = f'<p class="kind">{html.escape(str(receipt["kind"]))}</p>' if receipt.get("kind") else ""
    return f'<li>{kind}<h2>{title}</h2>{about_line}<p class="files">{" · ".join(links)}</p></li>'


def _link(target: str, label: str, size: int | None) -> str:
    shown = f" ({_size(size)})" if size is not None else ""
    return f'<a href="{html.escape(target, quote=True)}">{label}</a>{shown}'


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
