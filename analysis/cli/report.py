"""``regimes report``: build the reports of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from analysis.encoding.library import Library, find_root, load
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.yamlsource import read_yaml


@click.command("report")
@click.argument("names", nargs=-1)
@click.option("-p", "--parameter", "pairs", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a parameter.")
@click.option("-f", "--file", "file", type=click.Path(exists=True, dir_okay=False), help="YAML file with parameters.")
@click.option("--format", "formats", default="", help="Formats, with commas: html,docx,pdf (default: as in the plan).")
@click.option("--list", "list_", is_flag=True, help="List the reports of the plan.")
@click.option("--dry-run", is_flag=True, help="Check everything and run nothing.")
@click.pass_obj
def report_command(
    root: str | None,
    names: tuple[str, ...],
    pairs: tuple[tuple[str, str], ...],
    file: str | None,
    formats: str,
    list_: bool,
    dry_run: bool,
) -> int:
    """Build reports into reports/build: all of them, or those NAMES.

    Exit 0: all built, 1: some failed, 2: wrong usage.
    """
    from analysis.reporting.build import build_reports
    from analysis.reporting.plan import read_plan

    base = Path(root) if root else find_root()
    if list_:
        for report in read_plan(base / "reports" / "plan.yaml").reports.values():
            click.echo(f"{report.name:<24} {report.title} ({report.notebook}; {', '.join(report.formats)})")
        return 0
    given: dict[str, Any] = {}
    if file:
        data = read_yaml(Path(file), file).data
        if not isinstance(data, dict):
            raise WorkbenchError(f"{file}: should hold parameters as 'name: value' lines")
        given.update(data)
    given.update(dict(pairs))
    library = load(base)
    return build_reports(
        names,
        given,
        [f.strip() for f in formats.split(",") if f.strip()],
        dry_run,
        validate=lambda parameters: problems(library, parameters),
        root=base,
    )


def problems(library: Library, parameters: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with the parameters of a report in the words of the domain; [] when nothing is."""
    from analysis.encoding.forms import check_day
    from analysis.encoding.sides import resolve

    found: list[str] = []
    for name in ("as_of", "since"):
        if name in parameters:
            try:
                check_day(str(parameters[name]))
            except ValueError as error:
                found.append(f"{name}: {error}")
    if found:
        return found
    as_of = str(parameters.get("as_of", "9999-12-31"))
    if str(parameters.get("since", "")) > as_of:
        found.append(f"since {parameters['since']} lies after as_of {as_of}; choose an earlier day")
    for name in ("sides", "side"):
        value = parameters.get(name, [])
        for text in [value] if isinstance(value, str) else value:
            try:
                resolve(library, text, as_of)
            except (WorkbenchError, KeyError) as error:
                found.append(f"{name}: {error}")
    for name in ("technologies", "technology"):
        value = parameters.get(name, [])
        for text in [value] if isinstance(value, str) else value:
            try:
                if text:
                    library.vocabulary.technologies.id_of(text)
            except KeyError as error:
                found.append(f"{name}: {error}")
    return found
