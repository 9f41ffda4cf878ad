"""The command line: thin commands, loaded when they are called; errors become one message and an exit code."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any

import click

from capplan.errors import CapplanError

COMMANDS = (
    "new",
    "check",
    "solve",
    "explain",
    "compare",
    "report",
    "convert",
    "schema",
    "sources",
    "generate",
)
"""Every command; each is the object `command` of the module of that name in `capplan.cli.commands`."""
INTERRUPTED = 130
GARBAGE_AFTER = 50_000
"""New objects after which Python looks for garbage; by itself after 700, which is 7 % of a short command's time."""


class Commands(click.Group):
    """A group that imports a command when it is asked for, and turns our errors into messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order in which a planner meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"capplan.cli.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with a suggestion where a command is mistyped."""
        if not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what a planner can mend becomes a message, a bug keeps its traceback."""
        try:
            return super().invoke(ctx)
        except CapplanError as error:
            from capplan.cli.output import tell_error

            tell_error(error, is_verbose=bool(ctx.params.get("is_verbose")))
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="capplan", prog_name="capplan", message="%(prog)s %(version)s")
def cli() -> None:
    """Plan intermediate care: what capacity to commission, where, from when, and what it costs.

    \b
    To start:
      capplan new my-plan           copy a small example
      capplan check my-plan         find every mistake in it
      capplan solve my-plan         plan it

    Exit codes: 0 a plan (or nothing to complain of), 2 usage, 3 invalid instance, 4 infeasible, 5 stopped without a
    plan, 130 interrupted, 1 anything else.
    """


def main() -> None:
    """Entry point of the command `capplan`."""
    gc.set_threshold(GARBAGE_AFTER)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that knows no £ shows ? and no traceback
    cli()
