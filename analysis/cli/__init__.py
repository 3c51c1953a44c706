"""The command ``regimes``: a thin face on the package. Each verb lives in a module of its own, imported when used."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib import import_module

import click

from analysis.encoding.problems import WorkbenchError

#: Verbs, the module that holds each, and one line for --help (so that help needs no import).
VERBS: dict[str, tuple[str, str]] = {
    "check": ("check", "Check the encodings and say what is wrong, with file and line."),
    "report": ("report", "Build the reports of the plan: web page, Word, PDF, tables, receipt."),
    "show": ("show", "Show the life of a control with its sources."),
    "list": ("listing", "List controls, instruments, statements or technologies."),
    "code": ("code", "Give statements to a coder as a spreadsheet, and take the codes back in."),
    "compare": ("compare", "Compare the entries of two sides: pairs, numbers, dates, what only one has."),
    "map": ("mapping", "Suggest pairs of entries, and accept one into mappings.yaml."),
    "product": ("product", "Show which regimes would catch a product, since when and why."),
    "new": ("new", "Write a skeleton of a control, an instrument, a statement or a regime."),
    "lab": ("lab", "Open JupyterLab in the notebooks folder."),
}


class LazyGroup(click.Group):
    """A group that imports a verb's module only when the verb is used or its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        module = import_module(f"analysis.cli.{VERBS[name][0]}")
        return getattr(module, name.replace("-", "_") + "_command")  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS:
            from analysis.encoding.problems import nearest

            near = nearest(args[0], VERBS)
            hint = f" Did you mean '{near}'?" if near else ""
            ctx.fail(f"There is no command '{args[0]}'.{hint} See 'regimes --help'.")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--root", type=click.Path(file_okay=False), help="Folder that holds regimes/ (default: here or above).")
@click.version_option(package_name="regime-workbench", prog_name="regimes")
@click.pass_context
def cli(ctx: click.Context, root: str | None) -> None:
    """Compare how the United States, the European Union and the Netherlands control emerging technologies."""
    ctx.obj = root


def main() -> None:
    """Entry point: errors that a user can act on become one sentence and exit 1."""
    atexit.register(gc.freeze)  # the system takes the memory back; no need to look for garbage on the way out
    try:
        code = cli.main(prog_name="regimes", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except WorkbenchError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
