"""What each command of `shield` does."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shield.project import installation, serving
from shield.project.installation import CannotDo, data_directory


def migrate(arguments: argparse.Namespace) -> int:
    """Prepare the database and the keys."""
    installation.prepare()
    print(f"Ready: {data_directory()}")
    return 0


FORMATS = 4
"""Files that a report is written as."""

# The demonstration ------------------------------------------------------------------------------------


def demo(arguments: argparse.Namespace) -> int:
    """Load the sample year once, build its report, say where everything is, and serve it."""
    data = data_directory()
    started = time.monotonic()
    if not arguments.no_serve:
        serving.check_port(arguments.host, arguments.port)
    if arguments.fresh and (aside := installation.set_aside(data, time.strftime("%Y%m%d-%H%M%S"))):
        print(f"The earlier demonstration is set aside in {aside}.")
    installation.begin_demonstration(data)
    installation.prepare()
    if not installation.partnerships():
        _load_sample()
    out = data / "report"
    if len(list(out.glob("report.*"))) < FORMATS:
        print("Building the report as web page, PDF, Word file and data (up to half a minute)…", flush=True)
        _write_report(installation.SAMPLE, "2018-19", out)
    print(f"Ready in {time.monotonic() - started:.1f} s. The report of the sample year is in {out}.")
    _say_hello(arguments)
    return 0 if arguments.no_serve else serving.serve(arguments.host, arguments.port, with_worker=True)


def _load_sample() -> None:
    from shield.kernel.calendar import queries as calendar
    from shield.project import indexing
    from shield.project.sample import personas

    print("Loading the sample year (about ten seconds)…")
    started = time.monotonic()

    def say(what: str, done: int, total: int) -> None:
        spent = time.monotonic() - started
        left = spent / done * (total - done)
        soon = "" if done in {1, total} else f", about {max(left, 1):.0f} s left"
        print(f"  {done:2} of {total}  {what:<22} {spent:4.1f} s{soon}", flush=True)

    personas.load_all(today=calendar.today(), say=say)
    print("Making it searchable…", flush=True)
    indexing.rebuild()


def _say_hello(arguments: argparse.Namespace) -> None:
    from shield.project.roles import ROLES
    from shield.project.sample import personas

    address = f"http://{arguments.host}:{arguments.port}"
    print(f"\nOpen {address}/personas and sign in with one click as:\n")
    for persona in personas.BEXLEY:
        print(f"  {persona.name:<16} {ROLES[persona.role].label}")
    print(
        "\nTry first: as Marian Okoro open Improvement, Evidence chain, give a recommendation an owner and an action,\n"
        "add evidence, hold the impact review of priority 1, then build the report under Report and open its PDF.\n"
        "Hugh Penrose runs a second, empty partnership and sees nothing of the first.\n"
    )


# Serving ----------------------------------------------------------------------------------------------


def serve(arguments: argparse.Namespace) -> int:
    """Serve the site."""
    serving.check_port(arguments.host, arguments.port)
    installation.prepare()
    return serving.serve(arguments.host, arguments.port, with_worker=not arguments.no_worker)


def worker(arguments: argparse.Namespace) -> int:
    """Run background work until stopped; give a sign of life, pick up what a crash left, ask for what is due."""
    installation.set_up_django()
    from django.core.management import call_command
    from django.utils import timezone

    from shield.kernel.jobs import services as jobs

    name = f"{socket.gethostname()}-{os.getpid()}"
    over = threading.Event()

    def beside() -> None:
        while not over.is_set():
            try:
                now = timezone.now()
                jobs.give_sign(worker=name, now=now)
                jobs.pick_up_stranded(now=now)
                jobs.ask_for_due(now=now)
            except Exception as problem:
                print(f"shield worker: {type(problem).__name__}; trying again", file=sys.stderr)
            over.wait(20)

    jobs.give_sign(worker=name, now=timezone.now())
    jobs.pick_up_stranded(now=timezone.now())
    thread = threading.Thread(target=beside, daemon=True)
    if not arguments.once:
        thread.start()
    try:
        call_command(
            "db_worker",
            worker_id=name,
            batch=arguments.once,
            interval=0.5,
            startup_delay=False,
            reload=False,
            verbosity=0,
        )
    except SystemExit:
        pass
    finally:
        over.set()
    return 0


# The report -------------------------------------------------------------------------------------------


def _partnership(slug: str) -> Any:
    from shield.kernel.accounts.models import Partnership

    found = Partnership.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Partnership.objects.order_by("slug").values_list("slug", flat=True)) or "none"
        raise CannotDo(f"There is no partnership “{slug}” here. Known: {known}.")
    return found


def _report(slug: str, year: str) -> tuple[Any, Any]:
    from shield.annual_report.models import Report
    from shield.kernel.accounts import queries as accounts

    partnership = _partnership(slug)
    report = Report.objects.select_related("year").filter(partnership=partnership, year__name=year).first()
    if report is None:
        names = Report.objects.filter(partnership=partnership).values_list("year__name", flat=True)
        raise CannotDo(f"{partnership.name} has no report for “{year}”. Known: {', '.join(names) or 'none'}.")
    return report, accounts.system_actor(partnership, "Command line")


def _ready() -> None:
    """Set up Django and say plainly if there is no database yet."""
    if "accounts_partnership" not in installation.tables():
        raise CannotDo(
            f"There is no data in {data_directory()} yet; run `shield demo` or `shield migrate` first."
        )


def report_build(arguments: argparse.Namespace) -> int:
    """Build the report in every format into a directory."""
    _ready()
    started = time.monotonic()
    with installation.as_the_user_wishes():
        written = _write_report(arguments.partnership, arguments.year, Path(arguments.out), say=True)
    for path in written:
        print(f"{path}  {path.stat().st_size / 1024:,.0f} KB")
    print(f"Built in {time.monotonic() - started:.1f} s.")
    return 0


def _write_report(slug: str, year: str, out: Path, *, say: bool = False) -> list[Path]:
    from shield.annual_report import services

    report, reader = _report(slug, year)
    installation.make_directory(out)
    tell: Callable[[str, int], None] = (
        (lambda step, percent: print(f"  {percent:3} %  {step}")) if say else lambda step, percent: None
    )
    made = services.render_report(report=report, reader=reader, say=tell)
    try:
        return [_put(out, name, content) for name, content in made.items()]
    except OSError as problem:
        raise CannotDo(f"The report cannot be written into {out}: {problem.strerror}.") from problem


def _put(out: Path, name: str, content: bytes) -> Path:
    """Written aside and moved into place, so that a broken run leaves no half file."""
    aside = out / f".{name}.{os.getpid()}"
    aside.write_bytes(content)
    return aside.replace(out / name)


def report_check(arguments: argparse.Namespace) -> int:
    """Print discrepancies and statutory coverage; 1 while any discrepancy is open."""
    _ready()
    from shield.annual_report import queries

    report, reader = _report(arguments.partnership, arguments.year)
    found = queries.assemble(report, reader)
    print(f"{report.title}, {found.partnership.name}, {found.period.in_words}")
    print(
        f"\nDiscrepancies: {len(found.open_discrepancies)} open, {len(found.discrepancies) - len(found.open_discrepancies)} settled"
    )
    for one in found.discrepancies:
        print(
            f"  {'OPEN   ' if one.is_open else 'settled'}  {one.line}"
            + ("" if one.is_open else f" — settled as {one.settlement.value_words}")
        )
    print("\nStatutory contents:")
    for item in found.coverage:
        mark = "" if item.item.confirmed else " [unconfirmed]"
        print(f"  {item.standing.label.upper():<15} {item.item.text}{mark}\n{'':17} {item.why}")
    if found.typed:
        print(f"\nNumbers typed by hand that nobody has confirmed: {len(found.typed)}")
        for row, typed in found.typed:
            print(f"  {row.section} {row.title}: {typed.number} in “{typed.context}”")
    print(f"\nGaps in the evidence chain: {len(found.gaps)}")
    print(
        "\n"
        + (
            "Cannot be issued: " + "; ".join(found.obstacles) + "."
            if found.obstacles
            else "Nothing stands in the way of issuing."
        )
    )
    return 1 if found.open_discrepancies else 0


# History, routes, export, search, holidays ---------------------------------------------------------------------


def history_verify(arguments: argparse.Namespace) -> int:
    """Verify every chain, or one partnership's; 1 if any is broken."""
    _ready()
    from shield.kernel.accounts.models import Partnership
    from shield.kernel.history import queries

    everybody = list(Partnership.objects.order_by("slug"))
    chosen = [_partnership(arguments.partnership)] if arguments.partnership else everybody
    broken = False
    for partnership in chosen:
        verdict = queries.verify(partnership.pk)
        broken |= not verdict.sound
        found = "sound" if verdict.sound else f"BROKEN. {verdict.first_fault}"
        note = f". {verdict.note}" if verdict.note else ""
        print(f"{partnership.slug}: {verdict.count} entries, {found}{note}")
    if not arguments.partnership:
        for gone in queries.anchored_elsewhere([partnership.pk for partnership in everybody]):
            broken = True
            print(
                f"{gone}: BROKEN. The history of this partnership was anchored, and the partnership is gone."
            )
    return 1 if broken else 0


def routes(arguments: argparse.Namespace) -> int:
    """List every route with its methods, name and declared access."""
    installation.set_up_django()
    from shield.project import routes as walked

    rows = [route.as_dict() for route in walked.routes()]
    if arguments.json:
        print(json.dumps(rows, indent=1))
    else:
        for row in rows:
            print(f"{'/'.join(row['methods']):<9} {row['path']:<64} {row['name']:<32} {row['access']}")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write every record of a partnership as JSON Lines."""
    _ready()
    from shield.project import exporting

    partnership = _partnership(arguments.partnership)
    try:
        counts = exporting.export(
            partnership, Path(arguments.out), person=arguments.person, reason=arguments.reason
        )
    except exporting.Denied as denied:
        raise CannotDo(str(denied)) from denied
    for name, count in counts.items():
        print(f"{count:6}  {name}.jsonl")
    print(f"{sum(counts.values()):6}  records in {arguments.out}")
    return 0


def search_rebuild(arguments: argparse.Namespace) -> int:
    """Make the search index anew, of one partnership or of all."""
    _ready()
    from shield.project import indexing

    chosen = [_partnership(arguments.partnership)] if arguments.partnership else None
    started = time.monotonic()
    count = indexing.rebuild(chosen, say=print)
    print(f"{count:,} records can be found; made in {time.monotonic() - started:.1f} s.")
    return 0


def holidays_update(arguments: argparse.Namespace) -> int:
    """Take in a newer list of bank holidays; a bad file changes nothing."""
    _ready()
    from shield.kernel.accounts import queries as accounts
    from shield.kernel.accounts.models import Partnership
    from shield.kernel.calendar.rules import BadHolidayFile
    from shield.kernel.clocks import services as clocks

    try:
        text = Path(arguments.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotDo(f"{arguments.file} cannot be read: {problem}") from problem
    actors = {p.pk: accounts.system_actor(p, "Command line") for p in Partnership.objects.all()}
    if not actors:
        raise CannotDo("There is no partnership here yet.")
    try:
        added, removed, moved = clocks.update_holidays(
            text=text, actors=actors, system=next(iter(actors.values()))
        )
    except BadHolidayFile as problem:
        raise CannotDo(f"{arguments.file}: {problem}") from problem
    print(f"{added} bank holidays added or renamed, {removed} removed, {len(moved)} open clocks moved.")
    for clock in moved:
        print(f"  {clock.reference} {clock.title}: now due {clock.due_on}")
    return 0


# Backing up and restoring -------------------------------------------------------------------------------


def backup(arguments: argparse.Namespace) -> int:
    """Write a backup, and drill it if asked; 1 if a stored file is missing, a history broken or anything differs."""
    if not arguments.to and not arguments.drill:
        raise CannotDo("Say where the backup goes, by --to FILE, or ask for a drill, by --drill.")
    _ready()
    from shield.project.backups import drilling, making

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped by a timer, it cleans up all the same
    started = time.monotonic()
    with drilling.place(arguments.to) as to, making.taken(to) as manifest:
        size = to.stat().st_size / 1024
        print(
            f"{manifest.rows:,} rows of {len(manifest.tables)} tables, {len(manifest.under('files')):,} files: "
            f"{size:,.0f} KB in {time.monotonic() - started:.1f} s."
        )
        if arguments.to:
            print(f"The backup is {to}. It needs the keys {_key_ids(manifest)}, which are not in it.")
        said = making.faults(manifest)
        if arguments.drill:
            said += drilling.drill(to, manifest, say=print)
    for line in said:
        print(line)
    return 1 if said else 0


def _key_ids(manifest: Any) -> str:
    return ", ".join(key_id for ids in manifest.keys.values() for key_id in ids)


def restore(arguments: argparse.Namespace) -> int:
    """Restore a backup into an empty place; 1 if a file or a history was at fault when the backup was made."""
    installation.set_up_django()
    from shield.project.backups import making, restoring

    started = time.monotonic()
    manifest = restoring.restore(Path(arguments.backup), say=print)
    print(
        f"Restored as of {manifest.made_at}: {manifest.rows:,} rows, {len(manifest.under('files')):,} files, in "
        f"{time.monotonic() - started:.1f} s. Everybody signs in again."
    )
    said = making.faults(manifest)
    for line in said:
        print(line)
    return 1 if said else 0
