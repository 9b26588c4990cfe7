"""`python -m benchmarks.chronologies [N]`: what a combined chronology of N entries from 12 agencies costs (100,000).

It works on the database of the environment (SHIELD_DATA, SHIELD_DATABASE), without SHIELD_DATA in a directory of its own; with
`SHIELD_TEST_DATABASE=postgres` on a PostgreSQL that it starts itself. Each agency's part is uploaded, taken in and handed in
through the services; one table of N rows is taken in by itself. Seconds are those of this process's processor, and beside
them those of the clock, in which a PostgreSQL server works too.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

AGENCIES = 12
ROUNDS = 7
TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
SEED = 20_191_104
FIRST, LAST = date(2003, 1, 1), date(2019, 10, 31)
_SYLLABLES = (
    "ba",
    "der",
    "fin",
    "gol",
    "hat",
    "kem",
    "lur",
    "mon",
    "nis",
    "pra",
    "rov",
    "sel",
    "tam",
    "vek",
    "wol",
    "zur",
)
WORDS = ["kettle", "stairs", *(f"{a}{b}{c}" for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES)]
"""Four thousand words of no language, so that few entries are alike by chance."""


def main() -> None:
    """Set up, fill, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="shield-chronology-") as folder:
        os.environ.setdefault("SHIELD_DATA", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shield.project.settings.demo")
        if os.environ.get("SHIELD_TEST_DATABASE") == "postgres":
            from tests import postgres

            os.environ["SHIELD_DATABASE"] = postgres.start()
        from shield.project import installation

        installation.prepare()
        measure(count)


def say(name: str, value: Any) -> None:
    """One number as soon as it is known: with others at work on the machine the whole takes minutes."""
    print(f"{name:<58} {json.dumps(value)}", flush=True)


def measure(count: int) -> None:
    """All numbers, in order."""
    from django.conf import settings
    from django.db import connection

    from shield.domain.chronologies import services

    settings.ALLOWED_HOSTS = ["testserver"]
    world = World()
    say("database", connection.vendor)
    say("taking in one CSV, rows", count)
    say("taking in one CSV", world.give(world.spare, table(count, "csv"), hand_in=False))
    say("taking in one workbook", world.give(world.spare, table(count, "xlsx"), hand_in=False))
    for part in world.parts[:-1]:
        world.give(part, table(count // AGENCIES, "csv", seed=part.pk.int), hand_in=True)
    last = table(count // AGENCIES, "csv", seed=1)
    say(
        "merging: the last agency hands in",
        world.give(world.parts[-1], last, hand_in=True, only_merging=True),
    )
    with connection.cursor() as cursor:
        # What the server of a working installation does by itself within a minute.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    found: list[Any] = []
    taken = timed(
        lambda: found.extend(services.compare(chronology=world.chronology, by=world.by, today=LAST))
    )
    say("comparing all entries (by the worker)", taken)
    say("pairs and conflicts proposed", found)
    say("peak memory until here, MB", peak())
    world.mark(count)
    world.pages(count)
    world.moves()
    say("peak memory, MB", peak())


def peak() -> int:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def table(count: int, form: str, *, seed: int = SEED) -> bytes:
    """Rows of invented events, always the same for a seed."""
    from datetime import UTC, datetime

    from shield.kernel.documents.exchange import excel

    chance = random.Random(seed)
    days = (LAST - FIRST).days
    rows: list[list[Any]] = [["Date", "Event", "Source", "People", "Child's voice", "Action taken"]]
    for number in range(count):
        day = FIRST + timedelta(days=chance.randrange(days))
        when: Any = day if form == "xlsx" else f"{day:%d/%m/%Y}"
        if number % 50 == 0:
            when = f"c. {day:%B %Y}"
        said = " ".join(chance.choices(WORDS, k=6)) if number % 10 == 0 else ""
        event = " ".join(chance.choices(WORDS, k=chance.randint(5, 14)))
        if number % 400 == 7:  # told by every agency, in the same words on the same day
            shared = random.Random(number)
            day = FIRST + timedelta(days=shared.randrange(days))
            when = day if form == "xlsx" else f"{day:%d/%m/%Y}"
            event = " ".join(shared.choices(WORDS, k=9))
        rows.append([when, event, "Case file", "Kay and Dawn", said, " ".join(chance.choices(WORDS, k=4))])
    if form == "xlsx":
        return excel.workbook(rows, sheet="Chronology", at=datetime(2019, 11, 4, tzinfo=UTC))
    return "".join(",".join(row) + "\r\n" for row in rows).encode()


class World:
    """A partnership with 12 agencies, a team of one, and a chronology."""

    def __init__(self) -> None:
        from shield.domain.chronologies import services
        from shield.domain.chronologies.models import Contribution
        from shield.kernel.accounts import queries as accounts
        from shield.kernel.accounts import services as people
        from shield.kernel.accounts.models import Team, TeamMembership

        partnership = people.found_partnership(
            slug="benchmark", name="Benchmark Partnership", short_name="Benchmark"
        )
        system = accounts.system_actor(partnership)
        agencies = [
            people.add_agency(by=system, name=f"Agency {n}", sector="health") for n in range(AGENCIES + 1)
        ]
        reader = people.add_person(
            by=system, name="Reader", email="reader@example.invalid", today=FIRST, agency=agencies[0]
        )
        people.grant_role(person=reader, role="learning_manager", by=system, today=FIRST)
        team = Team(partnership=partnership, title="Review", purpose="Reads it").store()
        TeamMembership(partnership=partnership, team=team, person=reader, starts_on=FIRST).store()
        self.reader, self.system, self.slug = reader, system, partnership.slug
        self.by = accounts.actor_for(reader, partnership, LAST)
        self.chronology = services.open_chronology(about=team.ref, title="Benchmark", by=self.by)
        services.ask_agencies(chronology=self.chronology, agencies=agencies, by=self.by, today=LAST)
        rows = list(
            Contribution.objects.filter(chronology=self.chronology).select_related("agency", "chronology")
        )
        self.spare, self.parts = rows[0], rows[1:]

    def give(
        self, part: Any, content: bytes, *, hand_in: bool, only_merging: bool = False
    ) -> dict[str, float]:
        """Upload, map, take in and hand in; the seconds of taking in, or of handing in, and those of the processor."""
        from shield.domain.chronologies import services
        from shield.domain.chronologies.models import Contribution
        from shield.domain.chronologies.rules.mapping import Mapped

        by, today = self.system, LAST
        upload = services.upload_table(contribution=part, content=content, by=by, today=today, name="table")
        mapped = Mapped(("date", "event", "source", "people", "voice", "action"), 1)
        upload = services.map_columns(
            upload=upload, mapped=mapped, by=by, today=today, expected_version=upload.version
        )
        took = timed(
            lambda: services.take_in(upload=upload, by=by, today=today, expected_version=upload.version)
        )
        if not hand_in:
            return took
        row = Contribution.objects.get(pk=part.pk)
        merging = timed(
            lambda: services.hand_in(contribution=row, by=by, today=today, expected_version=row.version)
        )
        return merging if only_merging else took

    def mark(self, count: int) -> None:
        """A theme on every thousandth entry, a significance on every hundredth, and two hundred pairs that are one event."""
        from shield.domain.chronologies import services
        from shield.domain.chronologies.models import Comparison, Entry

        theme = services.add_theme(chronology=self.chronology, title="Neglect", by=self.by)
        rows = list(
            Entry.objects.filter(chronology_id=self.chronology.pk, standing="merged").order_by("order")[::100]
        )
        for number, entry in enumerate(rows):
            services.mark_entry(
                entry=entry, significance="positive" if number % 2 else "missed", themes=[] if number % 10 else [theme],
                by=self.by, expected_version=entry.version,
            )  # fmt: skip
        self.theme = theme
        pairs = list(Comparison.objects.filter(chronology=self.chronology, state="proposed")[:200])
        spent = 0.0
        for pair in pairs:
            spent += timed(
                lambda pair=pair: services.decide(  # type: ignore[misc]
                    comparison=pair, same=True, by=self.by, today=LAST, expected_version=pair.version
                )
            )["processor s"]
        say("saying that two are one event, processor s each", round(spent / max(len(pairs), 1), 4))

    def moves(self) -> None:
        """A part is accepted, and another sent back: what the chronology works out anew."""
        from shield.domain.chronologies import services
        from shield.domain.chronologies.models import Contribution

        one, other = (Contribution.objects.get(pk=part.pk) for part in self.parts[:2])
        say("accepting a part", timed(
            lambda: services.accept_contribution(contribution=one, by=self.by, expected_version=one.version)
        ))  # fmt: skip
        say("sending a part back", timed(
            lambda: services.send_back(
                contribution=other, reason="The year 2004 is missing in it.", by=self.by, today=LAST,
                expected_version=other.version,
            )
        ))  # fmt: skip

    def pages(self, count: int) -> None:
        """Each page opened so often by somebody of the team, in milliseconds, with how many statements it sent."""
        from django.test import Client

        client = Client()
        client.force_login(self.reader.user, backend="django.contrib.auth.backends.ModelBackend")
        base = f"/{self.slug}/chronologies/{self.chronology.pk}"
        last = count // 20
        pages = {
            "merged, first page": "/merged", "merged, in the middle": f"/merged?page={last // 2}",
            "merged, last page": f"/merged?page={last}",
            "merged, one agency": f"/merged?agency={self.parts[3].agency_id}", "merged, approximate dates": "/merged?certainty=approximate",
            "merged, one year": "/merged?since_day=1&since_month=1&since_year=2010&until_day=31&until_month=12"
            "&until_year=2010",
            "merged, a theme": f"/merged?theme={self.theme.pk}", "merged, significant": "/merged?significance=any",
            "merged, two words": "/merged?text=kettle+stairs", "merged, a word": "/merged?text=kettle",
            "merged, a word of every entry": "/merged?text=case", "merged, a beginning of words": "/merged?text=bad",
            "merged, a person of every entry": "/merged?person=kay", "merged, nobody": "/merged?person=zibeline",
            "merged, a word in one year": "/merged?text=kettle&since_day=1&since_month=1&since_year=2010&until_day=31"
            "&until_month=12&until_year=2010", "merged, a word, last page": f"/merged?text=case&page={last}",
            "side by side": "/beside", "side by side, a word": "/beside?text=kettle",
            "entries of one part": f"/../parts/{self.parts[3].pk}",
            "timeline, years": "/timeline", "timeline, months": "/timeline?at=2012", "timeline, days": "/timeline?at=201203",
            "may be one event": "/same", "conflicts": "/conflicts", "gaps": "/gaps", "the chronology": "",
        }  # fmt: skip
        for name, path in pages.items():
            say(f"page {name}, processor ms", self._page(client, os.path.normpath(base + path)))

    def _page(self, client: Any, address: str) -> dict[str, float]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def opened() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        opened()
        with CaptureQueriesContext(connection) as sent:
            opened()
            # Looked at here: the next request empties the log that this reads.
            statements = [q for q in sent.captured_queries if not q["sql"].startswith(TRANSACTION)]
        times = sorted(timed(opened)["processor s"] for _ in range(ROUNDS))
        return {
            "median": round(statistics.median(times) * 1000, 1), "p95": round(times[int(len(times) * 0.95) - 1] * 1000, 1),
            "by the clock": round(min(timed(opened)["s"] for _ in range(3)) * 1000, 1), "statements": len(statements),
        }  # fmt: skip


def timed(act: Callable[[], object]) -> dict[str, float]:
    """Seconds that an act takes: of this process's processor, and by the clock."""
    started, used = time.perf_counter(), time.process_time()
    act()
    return {
        "processor s": round(time.process_time() - used, 4), "s": round(time.perf_counter() - started, 4),
    }  # fmt: skip


if __name__ == "__main__":
    main()
