"""``regimes compare``: two sides in scope, on the terminal."""

from __future__ import annotations

import json

import click

from analysis.cli.days import day_of
from analysis.encoding.library import load
from analysis.encoding.sides import resolve


@click.command("compare")
@click.argument("a")
@click.argument("b")
@click.option("--technology", help="Only entries that name this technology or something below it.")
@click.option("--as-of", help="The day of the comparison (YYYY-MM-DD; default: that of reports/plan.yaml).")
@click.option("--most", type=click.IntRange(1), default=60, show_default=True, help="Length of each printed list.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@click.pass_obj
def compare_command(
    root: str | None, a: str, b: str, technology: str | None, as_of: str | None, most: int, as_json: bool
) -> int:
    """Compare the entries of two sides, e.g. nl-national us-ear.

    Prints curated pairs with the verdict on their numbers and all other differences, how each item ran through time, what only
    one side has, and suggestions for what is not mapped.
    """
    from analysis.compare import compare_sides
    from analysis.present import scope_text

    library = load(root)
    date, source = day_of(library, as_of)
    node = library.vocabulary.technologies.id_of(technology) if technology else None
    found = compare_sides.scope(library, resolve(library, a, date), resolve(library, b, date), date, node)
    if as_json:
        click.echo(json.dumps(compare_sides.as_json(found), ensure_ascii=False, indent=1))
    else:
        click.echo(scope_text.report(library, found, source, most))
    return 0
