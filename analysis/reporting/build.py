"""Builds reports: each in a folder of its own beside the earlier one, and moved into its place in one step when whole.

What the command ``regimes report`` calls. Nothing of an earlier report is lost when a new one fails, and one that fails
does not keep the others from being built.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from analysis.encoding.problems import WorkbenchError
from analysis.reporting.documents import RESOURCES, write_documents
from analysis.reporting.errors import ReportError, disk_sentence
from analysis.reporting.index import write_index
from analysis.reporting.parameters import fit, read_notebook, read_parameters
from analysis.reporting.plan import Plan, Report, check_formats, choose, read_plan
from analysis.reporting.progress import Progress

if TYPE_CHECKING:
    from analysis.reporting.warm import Warm

#: Says what is wrong with parameters that are well-formed: an unknown regime, an impossible date.
Validator = Callable[[Mapping[str, Any]], Sequence[str]]
ROOT = RESOURCES.parent
#: Notebooks wait for each other's programs now and then, so one more than there are processors keeps all of them busy.
WORKERS = max(2, min(8, (os.cpu_count() or 2) + 1))


@dataclass(frozen=True)
class Job:
    """A report that is ready to be built: everything that can be checked before running is checked."""

    report: Report
    notebook: Path
    parameters: dict[str, Any]
    formats: tuple[str, ...]
    cells: int = 0


def build_reports(
    names: Sequence[str] = (),
    parameters: Mapping[str, Any] | None = None,
    formats: Sequence[str] = (),
    dry_run: bool = False,
    out: Path | None = None,
    validate: Validator | None = None,
    root: Path = ROOT,
    stream: TextIO | None = None,
) -> int:
    """Build the named reports of the plan, or all; returns the exit code: 0, 1 when a report failed, 2 for a wrong request.

    ``parameters`` replace those of the plan, ``formats`` its formats; ``out`` is a folder within ``reports/build`` of the
    project ``root`` (that folder itself unless given). ``validate`` knows the domain. ``dry_run`` checks everything and runs
    nothing.
    """
    stream = stream or sys.stderr
    try:
        plan, jobs, build = prepare(names, parameters or {}, formats, out, validate, root)
    except WorkbenchError as error:
        stream.write(f"{error}\n")
        return 2
    if dry_run:
        for job in jobs:
            stream.write(f"{describe(job, build, root)}\n")
        return 0
    try:
        build.mkdir(parents=True, exist_ok=True)
        _sweep(build)
        failed = _build_all(jobs, plan, build, root, stream)
        write_index(build, list(plan.reports), _resources(root))
    except OSError as error:
        stream.write(f"{disk_sentence(error, _shown(build, root))}\n")
        return 1
    except KeyboardInterrupt:
        stream.write("interrupted; what was not finished is as it was before\n")
        return 130
    return 1 if failed else 0


def _sweep(build: Path) -> None:
    """Remove what a run that was killed left behind; what is younger than an hour may belong to one that still goes on."""
    for path in build.glob(".*-*"):
        if path.is_dir() and time.time() - path.stat().st_mtime > 3600:
            shutil.rmtree(path, ignore_errors=True)


def prepare(
    names: Sequence[str],
    parameters: Mapping[str, Any],
    formats: Sequence[str],
    out: Path | None,
    validate: Validator | None,
    root: Path,
) -> tuple[Plan, list[Job], Path]:
    """Everything that can be known before a notebook runs. Raises WorkbenchError with all that is wrong with the request."""
    plan = read_plan(root / "reports" / "plan.yaml")
    build = _within(root / "reports" / "build", out)
    asked = check_formats(list(formats))
    jobs, problems = [], []
    for report in choose(plan, list(names)):
        try:
            jobs.append(_job(report, plan, parameters, asked, validate, root))
        except WorkbenchError as error:
            problems += [line for line in str(error).splitlines() if line not in problems]
    if problems:
        raise ReportError("\n".join(problems))
    return plan, jobs, build


def _within(build: Path, out: Path | None) -> Path:
    if out is None:
        return build
    chosen = (build / out).resolve()
    if not chosen.is_relative_to(build.resolve()):
        raise ReportError(f"{out} leads out of reports/build; reports are written there and nowhere else")
    return chosen


def _job(
    report: Report,
    plan: Plan,
    parameters: Mapping[str, Any],
    formats: tuple[str, ...],
    validate: Validator | None,
    root: Path,
) -> Job:
    path = root / report.notebook
    if not path.resolve().is_relative_to(root.resolve()):
        raise ReportError(f"{report.place}: '{report.notebook}' leads out of the project")
    notebook = read_notebook(path, report.notebook)
    known = read_parameters(notebook, report.notebook)
    dated = {"as_of": plan.as_of} if plan.as_of and "as_of" in known else {}
    try:
        planned = fit({**dated, **report.parameters}, known, report.notebook)
    except ReportError as error:
        raise ReportError(f"{report.place}: {error}") from None
    chosen = {**planned, **fit(parameters, known, report.notebook)}
    if validate is not None:
        whole = {name: parameter.default for name, parameter in known.items()} | chosen
        problems = [f"report '{report.name}': {problem}" for problem in validate(whole)]
        if problems:
            raise ReportError("\n".join(problems))
    return Job(report, path, chosen, formats or report.formats, len(notebook["cells"]))


def describe(job: Job, build: Path, root: Path) -> str:
    """One report as a dry run shows it."""
    given = ", ".join(f"{name}={value!r}" for name, value in job.parameters.items()) or "as in the notebook"
    place = _shown(build / job.report.name, root)
    return f"{job.report.name}: {job.report.notebook} ({given}) -> {place} ({', '.join(job.formats)})"


def _shown(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path


def _build_all(jobs: list[Job], plan: Plan, build: Path, root: Path, stream: TextIO) -> list[str]:
    progress = Progress(len(jobs), stream)
    failed: list[str] = []

    def one(job: Job) -> None:
        begun = time.monotonic()
        progress.start(job.report.name)
        try:
            build_one(job, build, root, warm)
            line = f"{job.report.name}: {', '.join(job.formats)} in {time.monotonic() - begun:.1f} s"
        except WorkbenchError as error:
            failed.append(job.report.name)
            line = f"{job.report.name}: not built\n{error}"
        except OSError as error:
            failed.append(job.report.name)
            line = f"{job.report.name}: not built\n{disk_sentence(error, _shown(build / job.report.name, root))}"
        except Exception as error:  # a fault of ours in one report must not cost the others
            failed.append(job.report.name)
            line = f"{job.report.name}: not built\n{type(error).__name__}: {error} (a fault in the pipeline)"
        progress.end(job.report.name, line)

    with _terminated_like_interrupted(), _warm(jobs) as warm:
        pool = ThreadPoolExecutor(max_workers=min(WORKERS, max(1, len(jobs))))
        try:
            # The longest notebooks first, so that none of them is left to run alone at the end.
            list(pool.map(one, sorted(jobs, key=lambda job: -job.cells)))
        except KeyboardInterrupt:
            if warm is not None:
                warm.close()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
            progress.close()
    return failed


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """While reports are built, a request to end (SIGTERM) is taken like Ctrl-C, so that nothing is left behind."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _warm(jobs: list[Job]) -> Iterator[Warm | None]:
    """The process that kernels are forked from, where the system can do that; else kernels start one by one."""
    from analysis.reporting.warm import Warm, available, modules_of

    if not available():
        yield None
        return
    with Warm(modules_of(read_notebook(job.notebook, job.report.notebook) for job in jobs)) as warm:
        yield warm


def build_one(job: Job, build: Path, root: Path, warm: Warm | None = None) -> None:
    """Build one report and put it in its place. Raises WorkbenchError or OSError; the earlier report then stays."""
    with tempfile.TemporaryDirectory(prefix=f".{job.report.name}-", dir=build) as name:
        folder = Path(name) / job.report.name
        folder.mkdir()
        make_report(job, folder, root, warm)
        _move(folder, build / job.report.name, Path(name) / "earlier")


def make_report(job: Job, folder: Path, root: Path, warm: Warm | None = None) -> None:
    """Everything of one report in ``folder``: the one function of notebook, parameters and data."""
    from analysis.reporting import receipt, run
    from analysis.reporting.sheets import write_tables

    report, resources = job.report, _resources(root)
    notebook = run.execute(job.notebook, report.notebook, job.parameters, warm)
    try:
        source = write_documents(notebook, folder, report.name, job.formats, report.layout, resources)
        write_tables(source.tables, folder)
        listed = receipt.input_files(source.inputs["files"], root)
    except ReportError as error:
        raise ReportError(f"{report.notebook}: {error}") from None
    run.write(notebook, folder / f"{report.name}.ipynb")
    shaping = [job.notebook, root / "reports" / "plan.yaml"]
    own = [*(resources / "styles").glob("*"), *(resources / "templates").glob("*")]
    files = listed + [
        file
        for file in [*receipt.project_files(shaping, root), *receipt.project_files(own, resources.parent)]
        if file not in listed
    ]
    about = {
        "report": report.name,
        "title": source.title.title,
        "kind": source.title.kind,
        "as_of": source.title.as_of,
        "notebook": report.notebook,
        "parameters": job.parameters,
        "formats": list(job.formats),
    }
    receipt.write_receipt(folder, about, source.inputs, files)


def _resources(root: Path) -> Path:
    """Styles and templates of the project, or those that came with the package where it has none."""
    own = root / "reports"
    return own if (own / "styles").is_dir() and (own / "templates").is_dir() else RESOURCES


def _move(made: Path, place: Path, aside: Path) -> None:
    """Put ``made`` where ``place`` is; if that fails, what was there comes back."""
    if place.exists():
        place.rename(aside)
    try:
        made.rename(place)
    except OSError:
        if aside.exists() and not place.exists():
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)
