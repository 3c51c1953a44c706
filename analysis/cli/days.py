"""The days that a command is given, and the one that it answers for: named, or the plan's; never the clock."""

from __future__ import annotations

import click

from analysis.encoding.forms import check_day
from analysis.encoding.library import Library
from analysis.encoding.problems import WorkbenchError
from analysis.encoding.yamlsource import read_yaml

PLAN = "reports/plan.yaml"


def given_day(text: str, option: str) -> str:
    """The day (YYYY-MM-DD) that an option gives; raises click.UsageError with the option's name where it is no date."""
    try:
        return check_day(text)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from None


def day_of(library: Library, given: str | None) -> tuple[str, str]:
    """The day and where it comes from: ``given`` (YYYY-MM-DD), else ``defaults.as_of`` of reports/plan.yaml.

    Raises click.UsageError where the day is no date or none is named anywhere, WorkbenchError where the plan's is no date.
    """
    if given is not None:
        return given_day(given, "--as-of"), "--as-of"
    path = library.root / PLAN
    source = read_yaml(path, PLAN).data if path.exists() else None
    defaults = source.get("defaults") if isinstance(source, dict) else None
    value = defaults.get("as_of") if isinstance(defaults, dict) else None
    if not isinstance(value, str):
        raise click.UsageError(f"say for which day: --as-of YYYY-MM-DD ({PLAN} names none).")
    try:
        return check_day(value), f"the default of {PLAN}"
    except ValueError as error:
        raise WorkbenchError(f"{PLAN}: as_of: {error}") from None
