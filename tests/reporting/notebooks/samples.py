"""What the fixture notebooks show: bundles in the forms of ``analysis.protocol``, hostile ones among them."""

from __future__ import annotations

import base64
import io
from typing import Any

from analysis.protocol import DOCUMENT_MIME, FIGURE_MIME, INPUTS_MIME, REFERENCES_MIME, TABLE_MIME, escape

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "`<b>raw</b>`{=html}",
    '`#read("/etc/passwd")`{=typst}',
    '#read("/etc/passwd")',
    "[click](javascript:alert(1))",
    "![x](/etc/passwd)",
    '[x]{typst:text:fill="red" onclick="alert(1)"}',
    "$\\input{/etc/passwd}$ \\newpage",
    '=HYPERLINK("http://x")',
    "@nobody [@nobody] *bold* _it_ ~~no~~ ^up^",
    "```\nopen fence",
    "1. list\n# heading\n> quote\n| a | b |",
    "a\x00b\x1b[31mred\u202eevil",
    "--- ... \"quotes\" 'single' -- $5 & <tag> \\ % #let",
    "<w:p>word</w:p> ]]> &amp; {{jinja}} ${template}$",
]


class Shown:
    """Anything with a bundle."""

    def __init__(self, **bundle: Any):
        self.bundle = {name.replace("__", "/"): value for name, value in bundle.items()}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.bundle


def shown(mime: str, content: Any, **more: Any) -> Shown:
    made = Shown(text__plain=mime)
    made.bundle |= {mime: content, **{name.replace("__", "/"): value for name, value in more.items()}}
    return made


def title(as_of: str, **more: Any) -> Shown:
    summary = (
        "The United States lists more, and says so sooner [@88-fr-73458, 742.6(a)(6)]. See @fig:bars and @tbl:scope."
    )
    return shown(
        DOCUMENT_MIME,
        {
            "title": "Advanced chips: <b>who</b> controls what & since when",
            "subtitle": "A fixture with everything in it",
            "kind": "Briefing",
            "authors": ["A. Author", 'B. "Quoted" Writer'],
            "as_of": as_of,
            "data_version": "0.1.0, 12ab34cd",
            "summary": summary,
            "cite_as": "Regime Workbench, Advanced chips, as of 23 July 2026, data version 0.1.0.",
            "notice": "This is not legal advice. Sanctions, arms lists and investment screening lie outside.",
            **more,
        },
    )


def bars() -> Shown:
    import matplotlib

    matplotlib.use("agg")
    matplotlib.rcParams["svg.hashsalt"] = "regimes"
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.3, 2.6))
    axes = figure.subplots()
    axes.barh(["United States", "European Union", "Netherlands"], [7, 3, 2], color="#1f4e79")
    axes.set_xlabel("Controls listed")
    figure.tight_layout()
    svg, png = io.StringIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None})
    figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
    about = {
        "id": "bars",
        "caption": ["Controls listed by side ", {"text": "(fixture)", "mark": "em"}],
        "alt": "Bars: United States 7, European Union 3, Netherlands 2.",
        "notes": ["Counts of listed items."],
    }
    picture = {"image__svg+xml": svg.getvalue(), "image__png": base64.b64encode(png.getvalue()).decode()}
    return shown(FIGURE_MIME, about, **picture)


def scope(threshold: int = 4800) -> Shown:
    long = (
        "Chips for data centres whose total processing performance reaches the threshold, and boards that hold them. "
    )
    rows: list[Any] = [{"heading": "United States"}]
    rows += [
        [
            {"text": "3A090.a", "mark": "code"},
            [long, {"text": "new words", "mark": "ins"}, " ", {"text": "old words", "mark": "del"}],
            threshold,
            {"text": "listed", "cite": [{"id": "88-fr-73458", "pinpoint": "73479"}]},
        ],
        [
            {"text": "4A090.a", "mark": "code"},
            long * 2,
            None,
            {"cite": ["88-fr-73458", {"id": "reg-2021-821", "pinpoint": "Annex I"}]},
        ],
    ]
    rows.append({"heading": "European Union"})
    rows.append(
        [
            {"text": "3A001.a.7", "mark": "code"},
            {"text": "Programmeerbare logica", "lang": "nl"},
            "500",
            {"text": "†", "mark": "sup"},
        ]
    )
    columns = [
        {"key": "code", "label": "Code"},
        {"key": "scope", "label": "What is caught"},
        {"key": "tpp", "label": "TPP at least", "align": "right"},
        {"key": "source", "label": "Source"},
    ]
    notes = [
        "† Evidence is thin: not compared with the official text.",
        [{"text": "See also ", "mark": "muted"}, {"ref": "fig:bars"}],
    ]
    return shown(
        TABLE_MIME,
        {
            "id": "scope",
            "caption": "Entries side by side",
            "columns": columns,
            "rows": rows,
            "notes": notes,
            "data": {"columns": ["code", "tpp"], "rows": [["3A090.a", threshold], ["3E001", None]]},
        },
    )


def hostile() -> Shown:
    rows = [[text, text, {"text": text, "mark": ["strong", "code"], "link": "javascript:alert(1)"}] for text in HOSTILE]
    columns = [
        {"key": "label", "label": "<script>alert(2)</script>"},
        {"key": "=1+1", "label": "# not a heading"},
        {"key": "c", "label": "*c*"},
    ]
    return shown(
        TABLE_MIME, {"id": "hostile", "caption": HOSTILE[0], "columns": columns, "rows": rows, "notes": HOSTILE}
    )


def hostile_text() -> Shown:
    """The hostile labels escaped, as data in a sentence, and then as an author might type them."""
    escaped = "\n\n".join(f"The label is {escape(text)}, they say." for text in HOSTILE)
    typed = "\n\n".join(text for text in HOSTILE if "@nobody" not in text)
    return shown("text/markdown", f"{escaped}\n\n{typed}")


def wide() -> Shown:
    names = ["code", "label", "us", "eu", "nl", "de", "uk", "wassenaar", "evidence"]
    columns = [{"key": name, "label": name.capitalize()} for name in names]
    rows = [
        [
            f"{n}A{n:03}",
            f"Technology number {n} with a label",
            *["listed since 2023, thresholds differ"] * 6,
            "secondary",
        ]
        for n in range(1, 45)
    ]
    return shown(
        TABLE_MIME, {"id": "wide", "caption": "A wide and long table", "columns": columns, "rows": rows, "wide": True}
    )


def long() -> Shown:
    columns = [{"key": "date", "label": "Date"}, {"key": "what", "label": "What happened"}]
    rows = [[f"2024-01-{n:02}", f"Event {n}"] for n in range(1, 31)] * 2
    return shown(TABLE_MIME, {"id": "long", "caption": "A long narrow table", "columns": columns, "rows": rows})


def sources() -> Shown:
    us = {
        "id": "88-fr-73458",
        "type": "regulation",
        "title": "Advanced computing items <script>alert(3)</script>",
        "author": [{"literal": "Bureau of Industry and Security"}],
        "container-title": "88 FR 73458",
        "title-short": "88 FR 73458",
        "issued": {"date-parts": [[2023, 10, 25]]},
        "URL": "https://www.federalregister.gov/d/2023-23055",
    }
    eu = {
        "id": "reg-2021-821",
        "type": "regulation",
        "title": "Export controls on dual-use items (recast)",
        "title-short": "Regulation (EU) 2021/821",
        "author": [{"literal": "European Parliament and Council"}],
        "container-title": "OJ L 206, 11.6.2021, p. 1",
        "number": "CELEX 32021R0821",
        "issued": {"date-parts": [[2021, 5, 20]]},
        "URL": "javascript:alert(4)",
    }
    un = {
        "id": "a-hrc-41-35",
        "type": "report",
        "title": "Surveillance and human rights",
        "author": [{"family": "Kaye", "given": "David"}],
        "number": "UN Doc. A/HRC/41/35",
        "issued": {"date-parts": [[2019, 5, 28]]},
    }
    return shown(REFERENCES_MIME, {"items": [us, eu, un], "list": "cited"})


def inputs() -> Shown:
    sides = [{"side": "us-ear", "as_of": "2026-07-23", "instruments": [{"id": "88-fr-73458", "why": "in force"}]}]
    return shown(INPUTS_MIME, {"sides": sides, "files": ["notebooks/samples.py"], "data_version": "0.1.0, 12ab34cd"})
