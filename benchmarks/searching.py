"""`python -m benchmarks.searching [N]`: what a search costs among N records of one partnership (100,000).

It loads the sample year into the database of the environment (SHIELD_DATA, SHIELD_DATABASE), fills it up with records
made of the sample's own words, makes the index and opens the page of the search as somebody who sees all, and as
somebody who sees little. Without SHIELD_DATA it works in a directory of its own.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

ROUNDS = 20
SEED = 20_191_104
SHARES = {
    "improvement.action": 0.2, "improvement.finding": 0.15, "improvement.evidence": 0.15, "improvement.progress_note": 0.15,
    "meetings.gathering": 0.05, "meetings.agenda_item": 0.2, "improvement.decision": 0.05, "reporting.statement": 0.05,
}  # fmt: skip
"""How the records are shared out among kinds."""
OWN = 0.02
"""The share of actions that is the agency's whose lead searches."""
SEARCHES = {
    "common word": "children",
    "rare word": "zibeline",
    "two words": "children practice",
    "three words": "agency training impact",
    "misspelt": "recomendation",
    "two misspelt": "safegarding partnrship",
    "beginning of a word": "safeg",
    "short beginning": "pra",
    "reference": "ACT-0012",
    "nothing": "xyzzyq",
}
PEOPLE = {"sees all": "manager@bexley.example", "sees little": "agency@bexley.example"}


def main() -> None:
    """Set up, fill, index, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="shield-search-") as folder:
        os.environ.setdefault("SHIELD_DATA", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shield.project.settings.demo")
        from shield.project import installation

        installation.prepare()
        for name, value in measure(count).items():
            print(f"{name:<58} {json.dumps(value)}", flush=True)


def measure(count: int) -> dict[str, Any]:
    """All numbers, in order."""
    from django.db import connection

    from shield.kernel.accounts.models import Partnership
    from shield.kernel.calendar import queries as calendar
    from shield.kernel.search import services
    from shield.kernel.search.models import Entry, Word
    from shield.project.sample import personas

    if not Partnership.objects.exists():
        personas.load_all(today=calendar.today())
    partnership = Partnership.objects.get(slug="bexley")
    fill(partnership, count)
    started = time.perf_counter()
    services.rebuild(partnership_id=partnership.pk)
    spent = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    numbers: dict[str, Any] = {
        "database": connection.vendor,
        "records in the index": Entry.objects.count(),
        "words known": Word.objects.count(),
        "making the index, s": round(spent, 1),
    }
    numbers |= searches()
    numbers["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return numbers


# Records ----------------------------------------------------------------------------------------------


def fill(partnership: Any, count: int) -> None:
    """Records until there are so many, of the sample's own words, always the same."""
    from shield.kernel.records.models import KINDS

    there = {kind: KINDS[kind]._default_manager.filter(partnership=partnership) for kind in SHARES}
    missing = count - sum(rows.count() for rows in there.values())
    chance = random.Random(SEED)
    words = _words(partnership)
    for kind, share in SHARES.items():
        model = KINDS[kind]
        pattern = there[kind].select_related(None).first()
        rows = list(_rows(model, pattern, max(0, round(missing * share)), words, chance))
        model._base_manager.bulk_create(rows, batch_size=500)


def _words(partnership: Any) -> list[str]:
    """The words of the sample's texts as often as they stand there, so that a common word is common."""
    from shield.improvement.models import Action, Finding, Recommendation

    texts = [
        *Action.objects.filter(partnership=partnership).values_list("text", flat=True),
        *Finding.objects.filter(partnership=partnership).values_list("text", flat=True),
        *Recommendation.objects.filter(partnership=partnership).values_list("text", flat=True),
    ]
    return re.findall(r"[A-Za-z]+", " ".join(texts))


def _rows(model: Any, pattern: Any, count: int, words: list[str], chance: random.Random) -> Iterator[Any]:
    """Copies of one record, each with an id, a day and a text of its own."""
    from shield.kernel.records.rules import new_id

    kept = {f.attname: getattr(pattern, f.attname) for f in model._meta.concrete_fields}
    agency, others, actions = _agency(), _other_agencies(), _actions()
    for number in range(count):
        text = " ".join(chance.choices(words, k=chance.randint(10, 60)))
        if number % 1000 == 0:
            text += " zibeline"
        row = model(**{**kept, "id": new_id(), "reference": f"BEN-{number:06d}"})
        for name in ("text", "content", "wording"):
            if hasattr(row, name):
                setattr(row, name, text)
        if model.kind == "meetings.gathering":
            row.title, row.sort = text[:120], "workshop"
        for name in ("held_on", "found_on", "noted_on", "due_on", "decided_on"):
            if hasattr(row, name):
                setattr(row, name, date(2015, 1, 1) + timedelta(days=chance.randrange(1800)))
        if model.kind == "improvement.action":
            row.owner_agency_id = agency if chance.random() < OWN else chance.choice(others)
            row.owner_person_id = row.owner_office_id = None
        if hasattr(row, "about_id"):
            row.about_kind, row.about_id = "improvement.action", chance.choice(actions)
        yield row


def _other_agencies() -> list[uuid.UUID]:
    """The agencies of the sample but that of whoever sees little."""
    from shield.kernel.accounts.models import Agency

    rows = Agency.objects.filter(partnership__slug="bexley").exclude(pk=_agency())
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _actions() -> list[uuid.UUID]:
    """What progress notes and evidence are about."""
    from shield.improvement.models import Action

    return list(Action.objects.filter(partnership__slug="bexley").order_by("pk").values_list("pk", flat=True))


def _agency() -> uuid.UUID | None:
    """The agency of whoever sees little."""
    from shield.kernel.accounts.models import AgencyMembership

    mine = AgencyMembership.objects.filter(person__user__email=PEOPLE["sees little"])
    return mine.values_list("agency_id", flat=True).first()


# Searches ---------------------------------------------------------------------------------------------


def searches() -> dict[str, Any]:
    """Each search opened so often by each person, as the page opens it."""
    from django.conf import settings
    from django.test import Client

    from benchmarks.__main__ import summary
    from shield.kernel.accounts.models import User
    from shield.project import installation

    settings.ALLOWED_HOSTS = ["testserver"]
    installation.settle()
    numbers: dict[str, Any] = {}
    for who, email in PEOPLE.items():
        client = Client()
        client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
        every: list[float] = []
        for name, typed in SEARCHES.items():
            times = []
            for _ in range(ROUNDS + 2):
                started = time.perf_counter()
                answer = client.get("/bexley/search", {"q": typed})
                times.append(time.perf_counter() - started)
                assert answer.status_code == 200, answer.status_code
            every += times[2:]
            told = re.search(r'id="results">(.*?)</h2>', answer.content.decode(), re.S)
            numbers[f"{who}, {name}, ms"] = {**summary(times[2:]), "told": told[1] if told else ""}
        numbers[f"{who}, all searches together, ms"] = summary(every)
    return numbers


if __name__ == "__main__":
    main()
