"""How the command line answers what goes wrong: faults of the user's, misspelt commands, Ctrl-C, closed pipes."""

from __future__ import annotations

import sys
from typing import Any

import click

from toolkit.errors import ToolkitError, nearest


class Group(click.Group):
    """Turns faults of the user's into lines on stderr and exit code 2; anything else is a bug and keeps its trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; on a ToolkitError print its lines and exit with 2."""
        try:
            return super().invoke(ctx)
        except ToolkitError as fault:
            for line in str(fault).splitlines() or [type(fault).__name__]:
                click.echo(f"toolkit: {line}", err=True)
            ctx.exit(fault.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except KeyboardInterrupt:
            click.echo("toolkit: stopped; finished stages are kept, so the same command goes on from there", err=True)
            ctx.exit(130)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """As click, with the nearest command named for a misspelt one."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(f"no command {args[0]!r}{nearest(args[0], self.list_commands(ctx))}", ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which one needs them."""
        return list(self.commands)
