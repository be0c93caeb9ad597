"""The command line: `ordinance`. Each command is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "run": ("ordinance_adapters.cli.run", "Carry the orders of a file from intake to archive."),
    "show": ("ordinance_adapters.cli.look", "Tell an order's timeline."),
    "explain": ("ordinance_adapters.cli.look", "Tell why an order was decided as it was."),
    "orders": ("ordinance_adapters.cli.look", "List orders."),
    "report": ("ordinance_adapters.cli.run", "Add up what a shop's store holds."),
    "stock": ("ordinance_adapters.cli.stock", "Receive, count, move, set aside and show stock."),
    "work": ("ordinance_adapters.cli.work", "Run what is due and do what is asked for outside."),
    "effects": ("ordinance_adapters.cli.effects", "What was asked for outside, and its fate."),
    "status": ("ordinance_adapters.cli.status", "How the shop stands: what waits, what is wrong."),
    "metrics": ("ordinance_adapters.cli.metering", "The same figures for Prometheus."),
    "audit": ("ordinance_adapters.cli.audit", "Seal, sign, verify and prove what happened."),
    "replay": ("ordinance_adapters.cli.replaying", "Make stored decisions again and compare."),
    "doctor": ("ordinance_adapters.cli.look", "Check that everything stored adds up."),
    "copy": ("ordinance_adapters.cli.copying", "Copy a store into an empty one, and prove it."),
    "backup": ("ordinance_adapters.cli.backups", "Back up a store while others write, proved."),
    "restore": ("ordinance_adapters.cli.backups", "Bring a backup back, and tell what it resends."),
    "migrate": ("ordinance_adapters.cli.migrating", "Bring an older store up to this version."),
    "person": ("ordinance_adapters.cli.person", "Find the orders of a person; erase a person."),
    "keys": ("ordinance_adapters.cli.keys", "Rotate the key that opens personal data."),
    "change": ("ordinance_adapters.cli.change", "Reject, count, merge, take apart, by rule."),
    "init": ("ordinance_adapters.cli.start", "Write the starter rules into a folder of yours."),
    "points": ("ordinance_adapters.cli.vocabulary", "Print what rule files may say."),
    "rules": ("ordinance_adapters.cli.rulefiles", "Check, test, ask and publish rule files."),
}
"""Command name to the module that holds it (as a function of the same name) and its help."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(COMMANDS)}"
            ctx.fail(f"no such command `{args[0]}`; {hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ordinance", message="ordinance %(version)s")
@click.option(
    "--log-format",
    type=click.Choice(["json", "text"]),
    help="Write a log to the standard error; also ORDINANCE_LOG_FORMAT.",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="How serious what is logged must be; also ORDINANCE_LOG_LEVEL.",
)
def cli(log_format: str | None, log_level: str | None) -> None:
    """An order management system that runs by rules you can read."""
    from ordinance_adapters.logs import set_up

    set_up(log_format, log_level)


def main() -> None:
    """Run the command line; what a user did wrong is told in one line, with exit code 1."""
    from ordinance_adapters.cli.failure import told

    with told():
        cli.main(prog_name="ordinance")
