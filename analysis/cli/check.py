"""``regimes check``: what there is, how well it is supported, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analysis.compare.consistency import contradictions
from analysis.encoding.check import check
from analysis.encoding.counts import counts
from analysis.encoding.library import find_root, load
from analysis.encoding.problems import Problem


@click.command("check")
@click.argument("path", required=False, type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print counts and problems as JSON.")
@click.pass_obj
def check_command(root: str | None, path: str | None, as_json: bool) -> int:
    """Check all encodings; with PATH show only the problems of that file or folder.

    Exit 0: clean, 1: problems, 2: wrong usage.
    """
    base = Path(root) if root else find_root(Path(path) if path and Path(path).is_dir() else None)
    if path and not Path(path).exists() and not (base / path).exists():
        raise click.UsageError(f"there is no file or folder '{path}'.")
    library = load(base, strict=False)
    found = sorted({*check(library), *contradictions(library)})
    problems = [p for p in found if not path or _inside(p, path, base)]
    rows = counts(library)
    if as_json:
        click.echo(json.dumps({"counts": rows, "problems": [p.as_dict() for p in problems]}, indent=2))
        return 1 if problems else 0
    _table(rows)
    for problem in problems:
        click.echo(str(problem), err=True)
    files = len({p.file for p in problems})
    click.echo(f"{len(problems)} problem(s) in {files} file(s)" if problems else "no problems")
    return 1 if problems else 0


def _inside(problem: Problem, path: str, base: Path) -> bool:
    wanted = (Path(path) if Path(path).exists() else base / path).resolve()
    place = (base / problem.file).resolve()
    return place == wanted or wanted in place.parents


def _table(rows: list[dict[str, str | int]]) -> None:
    heads: list[str] = ["regime", "kind", "records", "official", "secondary", "unverified"]
    widths = [max(len(h), *(len(str(r[h])) for r in rows)) if rows else len(h) for h in heads]
    titles: dict[str, str | int] = {h: h for h in heads}
    for line in (titles, *rows):
        cells = (
            str(line[h]).ljust(w) if n < 2 else str(line[h]).rjust(w)
            for n, (h, w) in enumerate(zip(heads, widths, strict=True))
        )
        click.echo("  ".join(cells).rstrip())
