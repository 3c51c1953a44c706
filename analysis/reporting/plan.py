"""``reports/plan.yaml``: which reports there are, from which notebook, with which parameters, in which formats."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.encoding.problems import Problem, nearest
from analysis.encoding.yamlsource import Source, read_yaml
from analysis.reporting.article import STYLES
from analysis.reporting.documents import FORMATS, Layout
from analysis.reporting.errors import ReportError

_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,59}$")
_KEYS = ("title", "notebook", "parameters", "formats", "citations", "contents")
_DEFAULTS = ("as_of", "formats", "citations")


@dataclass(frozen=True)
class Report:
    """One report of the plan; ``notebook`` is relative to the project, ``place`` is where the plan names it."""

    name: str
    title: str
    notebook: str
    parameters: dict[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = FORMATS
    layout: Layout = field(default_factory=Layout)
    place: str = ""


@dataclass(frozen=True)
class Plan:
    """All reports, and the one date that holds for all that name none."""

    path: Path
    as_of: str
    reports: dict[str, Report]


def read_plan(path: Path, name: str = "reports/plan.yaml") -> Plan:
    """The plan. Raises ReportError (or EncodingError for broken YAML) with every problem, each with file and line."""
    if not path.is_file():
        raise ReportError(f"{name}: there is no such file; it names the reports to build")
    source = read_yaml(path, name)
    checked = _Check(source)
    plan = checked.plan()
    if checked.problems:
        raise ReportError("\n".join(str(problem) for problem in sorted(checked.problems)))
    return plan


def choose(plan: Plan, names: tuple[str, ...] | list[str]) -> list[Report]:
    """The reports with these names, or all. Raises ReportError for a name that the plan does not have."""
    for name in names:
        check_name(name)
        if name not in plan.reports:
            near = nearest(name, plan.reports)
            hint = f"nearest valid name: {near}" if near else f"reports are {', '.join(plan.reports)}"
            raise ReportError(f"the plan has no report '{name}'; {hint}")
    return [plan.reports[name] for name in dict.fromkeys(names)] if names else list(plan.reports.values())


def check_name(name: str) -> None:
    """Raise ReportError for a name that could lead out of ``reports/build``."""
    if not _NAME.match(name):
        raise ReportError(f"'{name}' cannot name a report; use lower-case letters, digits and hyphens")


class _Check:
    """Reads one plan and collects what is wrong with it."""

    def __init__(self, source: Source):
        self.source = source
        self.problems: list[Problem] = []

    def say(self, location: tuple[str | int, ...], message: str, near: str = "", fix: str = "") -> None:
        self.problems.append(Problem(self.source.name, self.source.line(location), message, near, fix))

    def plan(self) -> Plan:
        data = self.source.data
        if not isinstance(data, Mapping):
            self.say((), "has no reports", fix="begin with 'reports:'")
            return Plan(self.source.path, "", {})
        self.keys(data, ("defaults", "reports"), ())
        defaults = self.mapping(data.get("defaults") or {}, ("defaults",))
        self.keys(defaults, _DEFAULTS, ("defaults",))
        as_of = self.text(defaults, "as_of", ("defaults",))
        if as_of and not _is_date(as_of):
            self.say(("defaults", "as_of"), f"'{as_of}' is not a date", fix='write it as "2026-07-23"')
        formats = self.formats(defaults.get("formats"), ("defaults", "formats")) or FORMATS
        reports = self.mapping(data.get("reports") or {}, ("reports",))
        if not reports:
            self.say((), "names no reports", fix="add one under 'reports:'")
        citations = self.citations(defaults, ("defaults",))
        made = {name: self.report(name, body, formats, citations) for name, body in reports.items()}
        return Plan(self.source.path, as_of, made)

    def report(self, name: str, body: Any, formats: tuple[str, ...], citations: str) -> Report:
        where = ("reports", name)
        if not _NAME.match(name):
            self.say(where, f"'{name}' cannot name a report", fix="use lower-case letters, digits and hyphens")
        body = self.mapping(body or {}, where)
        self.keys(body, _KEYS, where)
        notebook = self.text(body, "notebook", where)
        if not notebook:
            self.say(where, f"report '{name}' names no notebook", fix="add 'notebook: coverage'")
        elif "\\" in notebook or notebook.startswith("/") or ".." in notebook.split("/"):
            self.say(
                (*where, "notebook"), f"'{notebook}' leads out of the project", fix="name a notebook in notebooks/"
            )
        parameters = self.mapping(body.get("parameters") or {}, (*where, "parameters"))
        contents = body.get("contents")
        if contents not in (None, "true", "false", "yes", "no"):
            self.say((*where, "contents"), f"'{contents}' is neither yes nor no")
        return Report(
            name=name,
            title=self.text(body, "title", where) or name.replace("-", " ").capitalize(),
            notebook=_notebook(notebook),
            parameters=dict(parameters),
            formats=self.formats(body.get("formats"), (*where, "formats")) or formats,
            layout=Layout(
                title=self.text(body, "title", where),
                citations=self.citations(body, where) or citations,
                contents=None if contents is None else contents in ("true", "yes"),
            ),
            place=f"{self.source.name}:{self.source.line(where)}",
        )

    def keys(self, data: Mapping[str, Any], known: tuple[str, ...], where: tuple[str | int, ...]) -> None:
        for key in data:
            if key not in known:
                self.say(
                    (*where, key), f"unknown key '{key}'", nearest(key, known), f"keys here are {', '.join(known)}"
                )

    def mapping(self, value: Any, where: tuple[str | int, ...]) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.say(where, "is not a mapping", fix="write 'name: value' lines below it")
        return {}

    def text(self, data: Mapping[str, Any], key: str, where: tuple[str | int, ...]) -> str:
        value = data.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self.say((*where, key), f"'{key}' is not text")
        return ""

    def citations(self, data: Mapping[str, Any], where: tuple[str | int, ...]) -> str:
        value = self.text(data, "citations", where)
        if value and value not in STYLES:
            self.say((*where, "citations"), f"unknown citations '{value}'", nearest(value, STYLES), " or ".join(STYLES))
        return value

    def formats(self, value: Any, where: tuple[str | int, ...]) -> tuple[str, ...]:
        if value is None:
            return ()
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
            self.say(where, "formats are not a list", fix=f"write [{', '.join(FORMATS)}]")
            return ()
        for item in given:
            if item not in FORMATS:
                self.say(where, f"unknown format '{item}'", nearest(item, FORMATS), f"formats are {', '.join(FORMATS)}")
        return tuple(item for item in FORMATS if item in given)


def check_formats(formats: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Formats as given on a command line, ``html,docx`` among them. Raises ReportError for an unknown one."""
    asked = [part.strip().lower() for item in formats for part in item.split(",") if part.strip()]
    for item in asked:
        if item not in FORMATS:
            near = nearest(item, FORMATS)
            raise ReportError(
                f"unknown format '{item}'; " + (f"nearest: {near}" if near else f"formats are {', '.join(FORMATS)}")
            )
    return tuple(form for form in FORMATS if form in asked)


def _notebook(given: str) -> str:
    """``coverage`` for ``notebooks/coverage.ipynb``; a path stays a path."""
    path = given if given.endswith(".ipynb") else f"{given}.ipynb"
    return path if "/" in path else f"notebooks/{path}"


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
