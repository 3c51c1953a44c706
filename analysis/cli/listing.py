"""``regimes list``: records by kind, with the file and line of each."""

from __future__ import annotations

import json

import click

from analysis.encoding.library import load
from analysis.lookup import rows


@click.command("list")
@click.argument("kind", type=click.Choice(["controls", "instruments", "statements", "technologies"]))
@click.option("--regime", help="Only records of this regime.")
@click.option("--technology", help="Only records that name this technology or something below it.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of lists.")
@click.pass_obj
def list_command(root: str | None, kind: str, regime: str | None, technology: str | None, as_json: bool) -> int:
    """List controls, instruments, statements or technologies."""
    found = rows(load(root), kind, regime, technology)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for row in found:
        click.echo("  ".join(row))
    if not found:
        click.echo("nothing found", err=True)
    return 0
