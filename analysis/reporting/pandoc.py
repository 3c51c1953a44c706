"""Calls to Pandoc (the program that ``pypandoc_binary`` brings), always from text to text, never from the network.

Reading happens in one process for all pieces of a notebook, each piece by itself, so that an open fence in one cannot
swallow the next.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from analysis.reporting.errors import ReportError
from analysis.reporting.tree import Node, citation, document, meta_text

#: Pandoc's Markdown without anything that could act: raw markup, TeX, metadata, HTML elements as containers.
READER = (
    "markdown-raw_html-raw_attribute-raw_tex-tex_math_dollars-tex_math_single_backslash-tex_math_double_backslash"
    "-latex_macros-yaml_metadata_block-pandoc_title_block-mmd_title_block-native_divs-native_spans-markdown_in_html_blocks"
    "-link_attributes-inline_code_attributes-implicit_figures-example_lists-simple_tables-multiline_tables"
)

_READ = """
local pieces = pandoc.json.decode(io.read('a'), false)
io.write('[')
for i, piece in ipairs(pieces) do
  io.write(i > 1 and ',' or '', pandoc.write(pandoc.read(piece, '%s'), 'json'))
end
io.write(']')
"""


@cache
def program() -> str:
    """Where Pandoc is. Raises ReportError when it is not installed."""
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        raise ReportError('Pandoc is missing: install it with `pip install "regime-workbench[reports]"`') from None


def run(arguments: Iterable[str], text: str, folder: Path | None = None, epoch: int = 0) -> str:
    """Pandoc with ``text`` on its input; what it writes to its output.

    ``folder`` is where relative file names begin; ``epoch`` the moment (seconds since 1970) that it takes for now.
    Raises ReportError with Pandoc's last line when it fails.
    """
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [program(), *arguments],
        input=text.encode("utf-8", "replace"),
        capture_output=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise ReportError(f"Pandoc stopped: {said[-1]}")
    return done.stdout.decode("utf-8")


def read_markdown(pieces: list[str]) -> list[list[Node]]:
    """Each piece of Markdown as a list of block nodes, read by itself; not yet made inert."""
    if not pieces:
        return []
    answer = run(["lua", "-e", _READ % READER], json.dumps(pieces))
    return [tree["blocks"] for tree in json.loads(answer)]


def cite(
    blocks: list[Node],
    references: list[dict[str, Any]],
    style: Path,
    folder: Path,
    language: str,
    extra: list[str],
    listed: bool,
    linked: bool,
) -> list[Node]:
    """The blocks with their citations made by citeproc.

    ``references`` are CSL JSON items (written to ``folder``/references.json), ``style`` a CSL file, ``extra`` the ids
    that the list of sources names although only tables cite them. The list stands where the block ``refs`` is, or
    nowhere (``listed``); ``linked`` citations lead to it.
    """
    bibliography = folder / "references.json"
    bibliography.write_text(json.dumps(references, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    meta = {
        "lang": meta_text(language),
        "link-citations": {"t": "MetaBool", "c": linked},
        "suppress-bibliography": {"t": "MetaBool", "c": not listed},
        "nocite": {"t": "MetaInlines", "c": [citation([(identifier, "")]) for identifier in extra]},
    }
    arguments = ["-f", "json", "-t", "json", "--citeproc", "--csl", str(style), "--bibliography", str(bibliography)]
    answer = run(arguments, json.dumps(document(blocks, meta)))
    cited: list[Node] = json.loads(answer)["blocks"]
    return cited


def write(blocks: list[Node], meta: dict[str, Node], arguments: list[str], folder: Path, epoch: int) -> str:
    """The tree in another format; with ``-o FILE`` among the arguments the file is written and the text is empty."""
    return run(["-f", "json", *arguments], json.dumps(document(blocks, meta)), folder, epoch)


def write_with_template(
    blocks: list[Node], meta: dict[str, Node], arguments: list[str], template: str, ending: str, epoch: int
) -> str:
    """The tree in a text format, inside a template given as text."""
    with tempfile.TemporaryDirectory(prefix="regimes-") as folder:
        path = Path(folder) / f"template{ending}"
        path.write_text(template, "utf-8")
        return write(blocks, meta, [*arguments, "--standalone", "--template", str(path)], Path(folder), epoch)
