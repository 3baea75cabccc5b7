"""The command line: one file a verb, found by its name, loaded when it is called."""

from __future__ import annotations

import importlib
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

import onrecord
from onrecord.make.garbage import seldom

VERBS = (
    "new",
    "build",
    "status",
    "check",
    "ask",
    "serve",
    "name",
    "fix",
    "review",
    "accept",
    "takedown",
    "forget",
    "rollback",
    "export",
    "mcp",
    "schema",
    "demo",
)
"""In the order in which a producer meets them."""


class Verbs(click.Group):
    """The verbs, each from the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs' names."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """The verb of that name."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"onrecord.faces.cli.{cmd_name}").command
        return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(onrecord.__version__, prog_name="onrecord")
@click.option(
    "-C",
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The series folder, or one inside it (default: here).",
)
@click.pass_context
def onrecord_command(ctx: click.Context, folder: Path) -> None:
    """Run an interview series from one folder.

    In goes the recording of a conversation and a short episode file; out come the web page, the
    podcast and an archive in which every statement can be heard at the second it was made.

    \b
    Exit codes: 0 well, 1 problems to mend, 2 wrong usage, 75 somebody else is writing here,
    130 or 143 stopped (run it again to go on).
    """  # noqa: D301 - the backslash is click's own mark for lines to keep
    ctx.obj = folder


def main() -> NoReturn:
    """Run the command line; the only place where errors become sentences and exit codes."""
    signal.signal(signal.SIGTERM, _terminate)
    seldom()
    try:
        code = onrecord_command.main(standalone_mode=False)
    except click.exceptions.Exit as exit_:
        code = exit_.exit_code
    except click.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except KeyboardInterrupt:
        click.echo("stopped; run it again to go on", err=True)
        code = 130
    except Terminated:
        click.echo("stopped; run it again to go on", err=True)
        code = 143
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; Python would complain at exit
        code = 0
    except Exception as error:  # noqa: BLE001 - it is told or raised again
        code = _explain(error)
    sys.exit(code if isinstance(code, int) else 0)


class Terminated(BaseException):
    """SIGTERM, as an exception, so that locks are let go and nothing is left half."""


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _explain(error: Exception) -> int:
    """A user's problems and a busy folder have their sentences; anything else is our bug."""
    from onrecord.faces.show import show_problems
    from onrecord.folder.files import problem_of
    from onrecord.folder.lock import Busy
    from onrecord.model.problem import UserError

    if isinstance(error, UserError):
        show_problems(error.problems)
        return 1
    if isinstance(error, Busy):
        click.echo(f"onrecord: {error}", err=True)
        return 75
    if isinstance(error, OSError) and error.filename is not None:
        show_problems((problem_of(error),))
        return 1
    raise error


def series_folder(ctx: click.Context) -> Any:
    """The series folder the command was called in.

    Raises:
        UserError: where there is none.
    """
    from onrecord.folder.layout import find_series
    from onrecord.model.problem import Place, Problem, UserError

    start: Path = ctx.obj
    found = find_series(start)
    if found is None:
        says = "there is no series.yaml here or in a folder above"
        hint = "go into the series folder, or make one: onrecord new series"
        raise UserError((Problem(Place(str(start)), says, hint),))
    return found
