"""Measurements that need the database: pages through the client, report in a warm process, cloning partnerships."""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from typing import Any


def main() -> None:
    """`clone N YEARS` or `pages ROUNDS`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shield.project.settings.demo")
    import django

    django.setup()
    if sys.argv[1] == "clone":
        clone(int(sys.argv[2]), int(sys.argv[3]))
    else:
        print(json.dumps(pages(int(sys.argv[2]))))


def pages(rounds: int) -> dict[str, Any]:
    """Each page opened so often by the business manager, and the report in a warm process."""
    from django.conf import settings
    from django.test import Client

    from benchmarks.__main__ import PAGES, summary
    from shield.annual_report import services
    from shield.annual_report.models import Report
    from shield.kernel.accounts import queries as accounts
    from shield.kernel.accounts.models import Partnership, User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(
        User.objects.get(email="manager@bexley.example"), backend="django.contrib.auth.backends.ModelBackend"
    )
    numbers: dict[str, Any] = {}
    for page in PAGES:
        times = []
        for _ in range(rounds + 2):
            started = time.perf_counter()
            answer = client.get(f"/bexley/{page}")
            times.append(time.perf_counter() - started)
        numbers[f"page /{page} ({answer.status_code}), ms"] = summary(times[2:])
    report = Report.objects.select_related("year").get(partnership__slug="bexley")
    reader = accounts.system_actor(Partnership.objects.get(slug="bexley"))
    times = []
    for _ in range(4):
        started = time.perf_counter()
        services.render_report(report=report, reader=reader)
        times.append(time.perf_counter() - started)
    numbers["report, all formats, warm, s"] = round(min(times[1:]), 2)
    return numbers


def clone(partnerships: int, years: int) -> None:
    """Copy every record of the sample so many times, each copy under a partnership of its own, by bulk writes."""
    from django.db import transaction

    from shield.kernel.accounts.models import Partnership

    source = Partnership.objects.get(slug="bexley")
    for number in range(partnerships):
        with transaction.atomic():
            copy = Partnership.objects.create(
                slug=f"area-{number}", name=f"Area {number} Partnership", short_name=f"Area {number}"
            )
            for year in range(years):
                _copy(source.pk, copy.pk, f"{number}/{year}")


def _copy(source: uuid.UUID, target: uuid.UUID, mark: str) -> None:
    from shield.kernel.records.models import KINDS, Record

    space = uuid.uuid5(uuid.NAMESPACE_URL, mark)
    models = [m for m in KINDS.values() if issubclass(m, Record)]

    def moved(value: Any) -> Any:
        return uuid.uuid5(space, str(value)) if value else value

    known = {
        pk
        for m in models
        for pk in m._default_manager.filter(partnership_id=source).values_list("pk", flat=True)
    }
    for model in _in_order(models):
        rows = list(model._default_manager.filter(partnership_id=source))
        for row in rows:
            for field in model._meta.concrete_fields:
                value = getattr(row, field.attname)
                if isinstance(value, uuid.UUID) and value in known:
                    setattr(row, field.attname, moved(value))
                elif field.name in {"name", "title"} and field.unique is False and isinstance(value, str):
                    setattr(row, field.attname, f"{value} {mark}"[: field.max_length or 10_000])
            row.partnership_id = target
        model._base_manager.bulk_create(rows, batch_size=500)
        for many in model._meta.local_many_to_many:
            through = many.remote_field.through
            names = [many.m2m_column_name(), many.m2m_reverse_name()]
            pairs = through._default_manager.values_list(*names)
            links = [pair for pair in pairs if pair[0] in known]
            through._default_manager.bulk_create(
                [through(**{names[0]: moved(a), names[1]: moved(b) if b in known else b}) for a, b in links],
                batch_size=500,
            )


def _in_order(models: list[Any]) -> list[Any]:
    """Models so that what a foreign key needs comes first; a key to the same model is deferred by the database."""
    done: list[Any] = []
    waiting = list(models)
    while waiting:
        for model in list(waiting):
            needs = {
                f.related_model
                for f in model._meta.concrete_fields
                if f.is_relation and f.related_model is not model
            }
            if not needs & set(waiting):
                done.append(model)
                waiting.remove(model)
    return done


if __name__ == "__main__":
    main()
