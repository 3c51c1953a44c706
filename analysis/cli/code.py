"""``regimes code``: sheets for coders, out and back in."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.encoding.library import load


@click.group("code")
def code_command() -> None:
    """Give statements to a coder as a spreadsheet, and take the codes back in."""


@code_command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--coder", required=True, help="Name of the coder: lower-case letters, digits, hyphens.")
@click.option("--regime", help="Only the statements of this regime's folder (or 'context').")
@click.option("--blind", is_flag=True, help="Also leave out who said it, where and when.")
@click.pass_obj
def export_command(root: str | None, file: Path, coder: str, regime: str | None, blind: bool) -> int:
    """Write FILE (.xlsx or .csv) with the codebook and drop-down lists, without anyone else's codes."""
    from analysis.exchange.coding_sheet import export

    number = export(load(root), file, coder, regime, blind=blind)
    click.echo(f"{file}: {number} statements for {coder}")
    return 0


@code_command.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def import_command(root: str | None, file: Path) -> int:
    """Read FILE back: every cell is checked, and all codes are written or none."""
    from analysis.exchange.coding_sheet import import_

    click.echo(str(import_(load(root), file)))
    return 0
