"""Addresses of records, and what the doors of all modules give: panels, waiting work, business for agendas, moments of the year."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import Business, Moment, Panel, RecordRef, WorkItem


def address(kind: str, record_id: uuid.UUID, slug: str) -> str:
    """The page of a record; empty if its kind has none."""
    name = getattr(KINDS.get(kind), "url_name", "")
    if not name:
        return ""
    try:
        return reverse(name, kwargs={"partnership": slug, "id": record_id})
    except NoReverseMatch:
        return reverse(name, kwargs={"partnership": slug})


def address_of(record: Any, slug: str) -> str:
    """The page of a record at hand."""
    return address(record.kind, record.pk, slug)


def address_of_act(item: WorkItem, slug: str) -> str:
    """The page on which somebody does what waits for them; empty where there is only something to look at."""
    return reverse(item.act_page, kwargs={"partnership": slug, "id": item.id}) if item.act_page else ""


def site_address(ref: RecordRef, slug: str) -> str:
    """The page of a record as a message gives it: with the address under which people reach this installation."""
    return f"{settings.SHIELD_ADDRESS.rstrip('/')}{address(ref.kind, ref.id, slug)}"


def reference_of(ref: RecordRef, partnership_id: uuid.UUID) -> str:
    """A record's readable reference, fit for a message; its kind where it has none."""
    model = KINDS[ref.kind]
    found = model.objects.filter(pk=ref.id, partnership_id=partnership_id).values_list("reference", flat=True)
    return found.first() or model.label


def restricted(reference: str, actor: Any) -> Any | None:
    """The record of a restricted kind with a reference in the actor's partnership, whether they see it or not."""
    wanted = reference.strip().upper()
    for model in KINDS.values():
        if getattr(model, "is_restricted", False) and wanted.startswith(f"{model.reference_prefix}-"):
            return model.objects.filter(partnership_id=actor.partnership_id, reference=wanted).first()
    return None


def exists(ref: RecordRef, partnership_id: uuid.UUID) -> bool:
    """Whether a reference points to a record of this partnership."""
    model = KINDS.get(ref.kind)
    return model is not None and model.objects.filter(pk=ref.id, partnership_id=partnership_id).exists()


def titles(refs: Iterable[RecordRef], actor: Any) -> dict[uuid.UUID, str]:
    """Titles of records re-read through `visible_to`; one that may not be seen is left out."""
    by_kind: dict[str, set[uuid.UUID]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref.id)
    found: dict[uuid.UUID, str] = {}
    for kind, ids in by_kind.items():
        model = KINDS.get(kind)
        if model is not None:
            found.update({row.pk: row.heading for row in model.objects.visible_to(actor).filter(pk__in=ids)})
    return found


def _doors() -> Any:
    return import_module(settings.SHIELD_PANELS).DOORS


def hands() -> Any:
    """What passes on the open work of somebody who leaves: services of modules, called by `services.hand_over`."""
    return import_module(settings.SHIELD_PANELS).HANDS


def handing_over(person: Any, actor: Any) -> list[Panel]:
    """What a person holds across modules that somebody must take over when they leave."""
    return [
        panel
        for door in _doors()
        if hasattr(door, "handing_over")
        for panel in door.handing_over(person, actor)
    ]


def panels(ref: RecordRef, actor: Any) -> list[Panel]:
    """What other modules show on a record's page."""
    return [panel for door in _doors() if hasattr(door, "panels") for panel in door.panels(ref, actor)]


def work(actor: Any, today: date) -> list[WorkItem]:
    """Everything that waits for a person, across modules, the first due first."""
    items = [item for door in _doors() if hasattr(door, "work") for item in door.work(actor, today)]
    return sorted(items, key=lambda item: (item.due_on or date.max, item.title))


def awaited(actor: Any, today: date) -> list[WorkItem]:
    """What a person waits for from others, across modules, the first due first; the owner is who it waits for."""
    items = [item for door in _doors() if hasattr(door, "awaited") for item in door.awaited(actor, today)]
    return sorted(items, key=lambda item: (item.due_on or date.max, item.title))


def stuck(actor: Any, today: date) -> list[WorkItem]:
    """What is stuck, and who can free it, across modules."""
    return [item for door in _doors() if hasattr(door, "stuck") for item in door.stuck(actor, today)]


def business(actor: Any, today: date) -> list[Business]:
    """What modules offer to the agendas of meetings, module by module."""
    return [offer for door in _doors() if hasattr(door, "business") for offer in door.business(actor, today)]


def moments(actor: Any, starts_on: date, ends_on: date) -> list[Moment]:
    """What happens in a span of days, across modules."""
    found = [
        m for door in _doors() if hasattr(door, "moments") for m in door.moments(actor, starts_on, ends_on)
    ]
    return sorted(found, key=lambda m: (m.starts_on, m.title))
