"""The one command line, `shield`. Each command has --help with an example."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from shield.kernel.sealed.rules import KeysMissing
from shield.project import installation

EXAMPLES = argparse.RawDescriptionHelpFormatter


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status is 0 if it did what it was asked, 1 if it found something open, 2 if refused."""
    arguments = _parser().parse_args(argv)
    installation.keep_private()
    try:
        _choose_settings(arguments)
        from shield.project import commands

        act: Callable[[argparse.Namespace], int] = getattr(commands, arguments.act)
        return act(arguments)
    except (installation.CannotDo, KeysMissing) as problem:
        print(f"shield: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _choose_settings(arguments: argparse.Namespace) -> None:
    """The data directory decides: a demonstration is marked as one; anything else is production."""
    data = installation.choose_data(getattr(arguments, "data", None))
    if arguments.act == "restore":
        from shield.project.backups import archive

        is_demo = archive.is_of_demonstration(Path(arguments.backup))
    else:
        installation.refuse_unfinished(data)
        is_demo = arguments.act in {"demo", "routes"} or installation.is_demonstration(data)
    os.environ.setdefault(
        "DJANGO_SETTINGS_MODULE", f"shield.project.settings.{'demo' if is_demo else 'production'}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shield",
        description="Runs a safeguarding partnership and publishes its yearly report from its own records.",
        epilog="Example:\n  shield demo\n  shield report build --partnership bexley --year 2018-19 --out out/",
        formatter_class=EXAMPLES,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _demo(commands)
    _serving(commands)
    _report(commands)
    _history(commands)
    _records(commands)
    _backups(commands)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    act: str,
    text: str,
    example: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=text, description=text, epilog=f"Example:\n  {example}", formatter_class=EXAMPLES
    )
    parser.add_argument(
        "--data", metavar="DIR", help="the data directory (otherwise SHIELD_DATA, or data/ in the checkout)"
    )
    parser.set_defaults(act=act)
    return parser


def _demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(
        commands, "demo", "demo", "Load the sample year into an embedded database, build its report and serve it.",
        "shield demo --port 8001",
    )  # fmt: skip
    parser.add_argument("--no-serve", action="store_true", help="set everything up and stop")
    parser.add_argument(
        "--fresh", action="store_true", help="set the earlier demonstration aside and begin anew"
    )
    _address(parser)


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8000, help="the port to listen on (8000)")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"“{text}” is not a port: give a number from 1 to 65535")
    return int(text)


def _serving(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = _add(
        commands, "serve", "serve", "Serve the site, with a worker beside it.", "shield serve --port 8000"
    )
    serve.add_argument(
        "--no-worker", action="store_true", help="serve pages only; run `shield worker` elsewhere"
    )
    _address(serve)
    worker = _add(
        commands, "worker", "worker", "Run background work: e-mail, builds, scheduled jobs.", "shield worker"
    )
    worker.add_argument("--once", action="store_true", help="do what waits, then stop")
    migrate = _add(commands, "migrate", "migrate", "Prepare the database and the keys.", "shield migrate")
    migrate.set_defaults(act="migrate")


def _report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser("report", help="Build or check the yearly report.").add_subparsers(
        required=True, metavar="ACT"
    )
    build = _add(
        report, "build", "report_build", "Build the yearly report as HTML, PDF, Word and JSON.",
        "shield report build --partnership bexley --year 2018-19 --out out/",
    )  # fmt: skip
    check = _add(
        report, "check", "report_check",
        "Print discrepancies and statutory coverage; exit status 1 while any discrepancy is open.",
        "shield report check --partnership bexley --year 2018-19",
    )  # fmt: skip
    for parser in (build, check):
        parser.add_argument(
            "--partnership", required=True, metavar="P", help="the partnership's word in addresses"
        )
        parser.add_argument("--year", required=True, help="the reporting year, such as 2018-19")
    build.add_argument("--out", required=True, metavar="DIR", help="where to write the files")


def _history(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    history = commands.add_parser("history", help="Verify the history.").add_subparsers(
        required=True, metavar="ACT"
    )
    verify = _add(
        history, "verify", "history_verify", "Walk every chain; name the first entry that was changed, removed or reordered.",
        "shield history verify --partnership bexley",
    )  # fmt: skip
    verify.add_argument("--partnership", metavar="P", help="one partnership (otherwise all)")


def _records(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    routes = _add(
        commands,
        "routes",
        "routes",
        "List every route with its method, name and declared access.",
        "shield routes --json",
    )
    routes.add_argument("--json", action="store_true", help="as JSON")
    export = _add(
        commands, "export", "export", "Write every record as JSON Lines, one file for each kind.",
        "shield export --partnership bexley --out export/ --as manager@bexley.example --reason 'Handover to auditors'",
    )  # fmt: skip
    export.add_argument(
        "--partnership", required=True, metavar="P", help="the partnership's word in addresses"
    )
    export.add_argument("--out", required=True, metavar="DIR", help="where to write the files")
    export.add_argument(
        "--as",
        dest="person",
        metavar="PERSON",
        help="the e-mail address you sign in with; needed for identities",
    )
    export.add_argument("--reason", help="why identities are needed; kept in the history")
    search = commands.add_parser("search", help="Make the search index anew.").add_subparsers(
        required=True, metavar="ACT"
    )
    rebuild = _add(
        search, "rebuild", "search_rebuild", "Make the search index anew out of the records, while people work.",
        "shield search rebuild --partnership bexley",
    )  # fmt: skip
    rebuild.add_argument("--partnership", metavar="P", help="one partnership (otherwise all)")
    holidays = commands.add_parser("holidays", help="Update England's bank holidays.").add_subparsers(
        required=True, metavar="ACT"
    )
    update = _add(
        holidays, "update", "holidays_update", "Take in GOV.UK's JSON of bank holidays and move the open clocks it touches.",
        "shield holidays update bank-holidays.json",
    )  # fmt: skip
    update.add_argument("file", metavar="FILE", help="the JSON file")


def _backups(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = _add(
        commands, "backup", "backup", "Write everything but the keys into one file, while people work; "
        "with --drill restore it into a temporary place and compare every row and every file.",
        "shield backup --to /backups/shield-2019-11-04.tar\n  shield backup --drill",
    )  # fmt: skip
    backup.add_argument("--to", metavar="FILE", help="the file to write; it must not exist yet")
    backup.add_argument(
        "--drill",
        action="store_true",
        help="restore it into a temporary place and compare; 1 on any difference",
    )
    restore = _add(
        commands, "restore", "restore", "Restore a backup into an empty directory, or into the empty database named by SHIELD_DATABASE.",
        "shield restore /backups/shield-2019-11-04.tar --data /srv/shield",
    )  # fmt: skip
    restore.add_argument("backup", metavar="FROM", help="the file that `shield backup` wrote")


if __name__ == "__main__":
    sys.exit(main())
