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
from analysis.encoding.yamlsource import no_gc


@click.command("check")
@click.argument("path", required=False, type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print counts and problems as JSON.")
@click.pass_obj
def check_command(root: str | None, path: str | None, as_json: bool) -> int:
    """Check all encodings; with PATH show only the problems of that file or folder.

    Exit 0: clean, 1: problems, 2: wrong usage.
    """
    base = Path(root) if root else find_root(Path(path) if path and Path(path).is_dir() else None)
    wanted = _place(path, base) if path else None
    with no_gc():
        library = load(base, strict=False)
        found = sorted({*check(library), *contradictions(library)})
        rows = counts(library)
    problems = [p for p in found if wanted is None or _inside(p, wanted, base)]
    if as_json:
        click.echo(json.dumps({"counts": rows, "problems": [p.as_dict() for p in problems]}, indent=2))
        return 1 if problems else 0
    _table(rows)
    for problem in problems:
        click.echo(str(problem), err=True)
    files = len({p.file for p in problems})
    click.echo(f"{len(problems)} problem(s) in {files} file(s)" if problems else "no problems")
    return 1 if problems else 0


def _place(path: str, base: Path) -> Path:
    """The file or folder that the user means; raises UsageError where it is none of the encodings."""
    place = Path(path) if Path(path).exists() else base / path
    if not place.exists():
        raise click.UsageError(f"there is no file or folder '{path}'.")
    place, encodings = place.resolve(), (base / "regimes").resolve()
    if place != base.resolve() and encodings not in (place, *place.parents):
        raise click.UsageError(f"'{path}' is no part of the encodings in {encodings}.")
    return place


def _inside(problem: Problem, wanted: Path, base: Path) -> bool:
    place = (base / problem.file).resolve()
    return wanted in (place, *place.parents)


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
