"""``regimes show``: the life of a control with its sources."""

from __future__ import annotations

import click

from analysis.cli.days import given_day
from analysis.encoding.library import load
from analysis.lookup import control_text


@click.command("show")
@click.argument("code")
@click.option(
    "--regime", help="Issuer of the code (a code means nothing without its issuer; default: all that have it)."
)
@click.option("--as-of", help="Show only the state on this day (YYYY-MM-DD).")
@click.pass_obj
def show_command(root: str | None, code: str, regime: str | None, as_of: str | None) -> int:
    """Show a control by its code, e.g. 3A090.a."""
    if as_of is not None:
        as_of = given_day(as_of, "--as-of")
    click.echo(control_text(load(root), code, regime, as_of))
    return 0
