"""Imports inside the package run one way only, and looking something up loads no library that it does not need."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "analysis"
#: What each part may import besides itself: parts, or single modules of them.
MAY: dict[str, set[str]] = {
    "encoding": set(),
    "protocol": set(),
    "compare": {"encoding"},
    "texts": {"encoding"},
    "exchange": {"encoding"},
    "present": {"encoding", "compare", "texts", "protocol"},
    # Documents are made from notebooks, whatever those are about: of the encodings only the errors and the YAML reader.
    "reporting": {"protocol", "encoding.problems", "encoding.yamlsource"},
    "lookup": {"encoding", "compare", "texts", "present"},
    "workbench": {"encoding", "compare", "texts", "present"},
    "__init__": {"encoding", "lookup", "workbench"},
    "cli": {"encoding", "compare", "texts", "exchange", "present", "reporting", "lookup", "workbench"},
}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """The line and module of every import from the package, wherever in the file it stands."""
    package = ["analysis", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "analysis" else [module]
        else:
            continue
        for name in names:
            if name == "analysis" or name.startswith("analysis."):
                yield node.lineno, name.removeprefix("analysis").removeprefix(".") or "__init__"


def within(module: str, parts: set[str]) -> bool:
    return any(module == part or module.startswith(f"{part}.") for part in parts)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    part = part_of(path)
    assert part in MAY, f"say in this test what analysis/{part} may import"
    wrong = [
        f"line {line}: analysis.{other}" for line, other in imported(path) if not within(other, MAY[part] | {part})
    ]
    assert not wrong, f"analysis/{part} must not import {'; '.join(wrong)}"


def test_the_rule_has_no_way_back() -> None:
    """No part reaches itself through others."""
    for part in MAY:
        reached: set[str] = set()
        todo = [name.split(".")[0] for name in MAY[part]]
        while todo:
            other = todo.pop()
            if other not in reached:
                reached.add(other)
                todo += [name.split(".")[0] for name in MAY[other]]
        assert part not in reached


def test_protocol_needs_the_standard_library_only() -> None:
    tree = ast.parse((PACKAGE / "protocol.py").read_text("utf-8"))
    names = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    names |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert {n.split(".")[0] for n in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (["show", "3A090.a"], "pandas numpy matplotlib jsonschema nbformat"),
        (["list", "technologies"], "pandas numpy matplotlib jsonschema nbformat"),
    ],
    ids=["show", "list"],
)
def test_looking_up_needs_no_tables_and_no_figures(words: list[str], without: str) -> None:
    code = (
        "import sys\nfrom analysis.cli import main\n"
        f"sys.argv = ['regimes', *{words!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', *sorted({set(without.split())!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, check=True)
    assert done.stderr.splitlines()[-1] == "loaded:"
