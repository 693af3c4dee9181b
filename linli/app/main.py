"""The command `linli`: finds a command, makes Django and the server ready for it, prints errors as sentences.

Is: a lazy group; a command's module is imported only when it is called. Is not: any command itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from linli.app import ready, wiring
from linli.cli import output
from linli.kernel.errors import LinliError


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command lives (`module:attribute`), its line in the help, and whether it needs database and keys."""

    target: str
    title: str
    needs_setup: bool = True


COMMANDS: dict[str, Command] = {
    "setup": Command(
        "linli.app.commands:setup", "Make database, keys and rule pack ready; changes nothing twice.", False
    ),
    "db": Command("linli.app.commands:db", "Start, stop and look at the embedded database server.", False),
    "places": Command("linli.cli.places:places", "The tree of places: import and point lookup."),
    "grids": Command("linli.cli.grids:grids", "Grids: import or generate them."),
    "knowledge": Command("linli.cli.knowledge:knowledge", "Answers for callers: import, find."),
    "organisations": Command("linli.cli.organisations:organisations", "Organisations, posts, appointments."),
    "accounts": Command("linli.cli.access:accounts", "Accounts and API keys."),
    "matters": Command("linli.cli.matters:matters", "Train and use the suggestion of matters from text."),
    "intake": Command("linli.cli.intake:intake", "Take in reports of residents."),
    "work": Command("linli.app.commands:work", "Workers: due cases, outbox, jobs."),
    "serve": Command("linli.app.commands:serve", "Serve the pages, with workers beside."),
    "cases": Command("linli.cli.cases:cases", "Cases: drawings of their procedures."),
    "rules": Command("linli.cli.rules:rules", "Rule packs: check, publish, show, explain, diff."),
    "audit": Command("linli.cli.audit:audit", "Verify every chain and seal of the journal."),
    "erase": Command("linli.cli.erase:erase", "Erase personal parts; the chain stays whole."),
    "keys": Command("linli.cli.keys:keys", "The key ring: rotate, export."),
    "backup": Command("linli.app.safekeeping:backup", "Write the whole installation, without keys, into one file."),
    "restore": Command("linli.app.safekeeping:restore", "Make an installation from a backup, in a new home.", False),
    "upgrade": Command("linli.app.safekeeping:upgrade", "After a new release: back up, then migrate.", False),
    "demo": Command("linli.demo.command:command", "The demo city and a week of its reports."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called for, and prints what goes wrong as a sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, its module imported; None when there is none of that name."""
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        if found.needs_setup:
            ready.django()
        command = wiring.find(found.target)
        if not isinstance(command, click.Command):
            raise TypeError(f"{found.target} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from their titles, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.title) for name, command in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of ours ends with status 1 and a sentence."""
        words: list[str] = ctx.meta["linli.words"]
        found = COMMANDS.get(words[0]) if words else None
        try:
            if found and found.needs_setup and not {"-h", "--help"} & set(words):
                ready.django()
                ready.server()
            return super().invoke(ctx)
        except LinliError as error:
            output.show_error(error, as_json="--json" in words)
        except Exception as error:
            if not ready.is_missing_database(error):
                raise
            output.show_error(ready.not_ready(), as_json="--json" in words)
        raise click.exceptions.Exit(1)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words of the call: whether it wants JSON is asked again when it fails."""
        ctx.meta["linli.words"] = list(args)
        return super().parse_args(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linli")
def cli() -> None:
    """Linli (邻里): grassroots governance, from a street lamp to a village's yearly plan."""


def main() -> None:
    """Run the command line."""
    cli()
