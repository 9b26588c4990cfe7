"""Addresses of records, and what the doors of all modules give: panels, waiting work, business for agendas, moments of the year."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from importlib import import_module
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Field,
    IntegerField,
    JSONField,
    Q,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from shield.kernel.calendar.rules import in_words
from shield.kernel.design.rules import values
from shield.kernel.records import rules
from shield.kernel.records.models import KINDS, kind_label
from shield.kernel.records.rules import (
    Briefing,
    Business,
    Learnt,
    Listing,
    Moment,
    Panel,
    PanelItem,
    PersonalData,
    Place,
    RecordRef,
    WorkItem,
)
from shield.kernel.sealed.models import SealedText

LINE = 110
"""Characters of a line in a panel."""


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


def address_of_addition(panel: Panel, slug: str) -> str:
    """The page on which somebody adds to a panel, about the record it stands on; empty where there is nothing to add."""
    if not panel.act_page:
        return ""
    page = reverse(panel.act_page, kwargs={"partnership": slug})
    return f"{page}?{urlencode({'about': panel.act_about.as_text()})}" if panel.act_about else page


def on_site(path: str) -> str:
    """A path with the address under which people reach this installation, for a message that no page asks for."""
    return f"{settings.SHIELD_ADDRESS.rstrip('/')}{path}"


def site_address(ref: RecordRef, slug: str) -> str:
    """The page of a record as a message gives it."""
    return on_site(address(ref.kind, ref.id, slug))


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
    found = [panel for door in _doors() if hasattr(door, "panels") for panel in door.panels(ref, actor)]
    listed = _listed([panel for panel in found if isinstance(panel, Listing)])
    made = [listed[id(panel)] if isinstance(panel, Listing) else panel for panel in found]
    return [panel for panel in made if panel is not None]


def _listed(listings: list[Listing]) -> dict[int, Panel | None]:
    """The panels of plain rows, each by its listing; None for one without a row. One statement for all."""
    parts = [
        each.rows.order_by().values_list(Value(number, output_field=IntegerField()), each.id, each.text)
        for number, each in enumerate(listings)
    ]
    items: dict[int, list[PanelItem]] = {number: [] for number in range(len(listings))}
    for number, pk, text in parts[0].union(*parts[1:], all=True) if parts else ():
        each, line = listings[number], shorten(text, LINE, placeholder="…")
        items[number].append(PanelItem(line, RecordRef(each.kind, pk, line), each.note))
    return {
        id(each): Panel(each.title, tuple(items[number])) if items[number] else None
        for number, each in enumerate(listings)
    }


def work(actor: Any, today: date) -> list[WorkItem]:
    """Everything that waits for a person, across modules, the first due first."""
    items = [item for door in _doors() if hasattr(door, "work") for item in door.work(actor, today)]
    return sorted(items, key=lambda item: (item.due_on or date.max, item.title))


def awaited(actor: Any, today: date) -> list[WorkItem]:
    """What a person waits for from others, across modules, the first due first; the owner is who it waits for."""
    items = [item for door in _doors() if hasattr(door, "awaited") for item in door.awaited(actor, today)]
    return sorted(items, key=lambda item: (item.due_on or date.max, item.title))


def stuck(actor: Any, today: date, *, but: str = "") -> list[WorkItem]:
    """What is stuck, and who can free it, across modules; `but` leaves out a module's own doors, by their name."""
    doors = [door for door in _doors() if hasattr(door, "stuck") and door.__name__ != but]
    return [item for door in doors for item in door.stuck(actor, today)]


def why_fixed(ref: RecordRef) -> str:
    """Why nobody may change a record any more because another one rests on it, as approved minutes do; empty if they may."""
    reasons = (door.why_fixed(ref) for door in _doors() if hasattr(door, "why_fixed"))
    return next((reason for reason in reasons if reason), "")


def business(actor: Any, today: date) -> list[Business]:
    """What modules offer to the agendas of meetings, module by module."""
    return [offer for door in _doors() if hasattr(door, "business") for offer in door.business(actor, today)]


def moments(actor: Any, starts_on: date, ends_on: date) -> list[Moment]:
    """What happens in a span of days, across modules."""
    found = [
        m for door in _doors() if hasattr(door, "moments") for m in door.moments(actor, starts_on, ends_on)
    ]
    return sorted(found, key=lambda m: (m.starts_on, m.title))


def places(actor: Any) -> list[Place]:
    """The pages of modules that the partnership's own page leads this person to."""
    return [place for door in _doors() if hasattr(door, "places") for place in door.places(actor)]


def texts(about: RecordRef, actor: Any) -> list[tuple[str, str]]:
    """Every text that modules hold about a case, each with what it is called; where names of people may stand."""
    return [found for door in _doors() if hasattr(door, "texts") for found in door.texts(about, actor)]


def briefing(about: RecordRef, actor: Any) -> Briefing | None:
    """What the module of a record proposes for a briefing note about it; None where this person can write none."""
    offers = (door.briefing(about, actor) for door in _doors() if hasattr(door, "briefing"))
    return next((offer for offer in offers if offer is not None), None)


def learnt(actor: Any) -> list[Learnt]:
    """What modules have published that practice can learn from."""
    return [found for door in _doors() if hasattr(door, "learnt") for found in door.learnt(actor)]


def subject_access(person: Any, actor: Any) -> list[PersonalData]:
    """Everything that any module keeps about a person, module by module."""
    return [
        found
        for door in _doors()
        if hasattr(door, "subject_access")
        for found in door.subject_access(person, actor)
    ]


PERSON = "accounts.person"
UNTOLD = frozenset(
    {
        "digest",
        "mac",
        "password",
        "session_key",
        "fits",
        "fingerprint",
        "sha256",
        "key",
        "frozen",
        "version",
        "package",
    }
)
"""Fields that say nothing about anybody: keys, fingerprints, counters."""
LONG = 2000
"""Letters; of a longer text that names somebody only the paragraphs that do are theirs to see."""


def told_of(person: Any, actor: Any, *models: Any, where: str) -> Iterator[PersonalData]:
    """The rows of these models that are tied to a person or name them, each with what it says, for `subject_access` doors.

    Who is named is looked for here and not in the database, which knows “Zoë” from “ZOË” and a line break from a space.
    """
    for model in models:
        fields = model._meta.concrete_fields
        tied = Q(pk__in=[])
        for field in fields:
            if field.is_relation and getattr(field.related_model, "kind", "") == PERSON:
                tied |= Q(**{field.name: person.pk})
            elif isinstance(field, UUIDField) and field.name == "person_id":
                tied |= Q(person_id=person.pk)
        for link in model._meta.many_to_many:
            if getattr(link.related_model, "kind", "") == PERSON:
                tied |= Q(**{link.name: person.pk})
        rows: QuerySet[Any] = QuerySet(model=model).filter(partnership_id=actor.partnership_id)
        rows = rows.select_related(*(f.name for f in fields if f.is_relation))
        label = str(getattr(model, "label", "") or model._meta.verbose_name.capitalize())
        about = list(rows.filter(tied).order_by("pk").distinct())
        known = {row.pk for row in about}
        for relation, found in (
            ("about you", about),
            ("names you", rows.order_by("pk").iterator(chunk_size=500)),
        ):
            for row in found:
                if relation == "names you" and (row.pk in known or not _names(row, person.name)):
                    continue
                text = say(row, only=person.name if relation == "names you" else "")
                ref = RecordRef(row.kind, row.pk) if getattr(row, "kind", "") else None
                yield PersonalData(f"{where}: {label.lower()}", relation, text, ref, _recorded(row))


def _names(row: Any, name: str) -> bool:
    """Whether any of its texts, or of its lists of texts, holds the name as whole words."""
    fields = (field for field in row._meta.concrete_fields if _is_words(field))
    return any(rules.names(text, name) for field in fields for text in _texts(getattr(row, field.name)))


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value: itself, or those inside a list or mapping."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))


def kinds_of(module: str) -> list[Any]:
    """The kinds of record of one module, so that its door for subject access forgets none that is added."""
    return [model for kind, model in sorted(KINDS.items()) if kind.startswith(f"{module}.")]


def _is_words(field: Any) -> bool:
    if isinstance(field, SealedText):
        return False  # whose names stand in what is sealed, the team of the case says
    return (
        isinstance(field, CharField | TextField | JSONField)
        and not field.choices
        and field.name not in UNTOLD
    )


def _recorded(row: Any) -> date | None:
    at = getattr(row, "recorded_at", None) or getattr(row, "queued_at", None)
    return timezone.localtime(at).date() if at else None


def say(row: Any, *, only: str = "") -> str:
    """What a row says, field by field in words; with `only` its long texts are cut down to the paragraphs that name somebody."""
    lines = []
    for field in row._meta.concrete_fields:
        if field.primary_key or isinstance(field, UUIDField) or field.name in {"partnership", *UNTOLD}:
            continue
        value = _words_of(row, field)
        if only and len(value) > LONG:
            value = "\n".join(part for part in value.split("\n") if only.casefold() in part.casefold())
        if value:
            lines.append(f"{str(field.verbose_name).capitalize()}: {value}")
    return "\n".join(lines)


def _words_of(row: Any, field: Any) -> str:
    value = getattr(row, field.name)
    if value is None or value == "" or value == []:
        return ""
    if isinstance(field, SealedText):
        return "[sealed text about a child, held back until a person has looked at it]"
    if field.name.endswith("_kind") and value in KINDS:
        return kind_label(value)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return values.moment(value)
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(getattr(value, "heading", value))


# What is asked with every page

_STAND_INS: Mapping[type[Field[Any, Any]], Callable[[int], Any]] = {
    UUIDField: lambda n: uuid.UUID(int=n),
    DateField: lambda n: date(1066, 10, n),
    DateTimeField: lambda n: datetime(1066, 10, n, tzinfo=UTC),
}
"""By kind of value: one that no statement holds on its own, the n-th."""


class Prepared:
    """A query of which only some values differ from one time to the next.

    `make` builds it from those values by name. Django puts a query into SQL anew each time it is asked, which for one
    that every page asks takes longer than the answer; here that is done once for each kind of database, with stand-ins
    in the place of the values.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **fields: Field[Any, Any]) -> None:
        self._make, self._fields = make, fields
        self._known: dict[str, tuple[str, list[Any]]] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows, as the database gives them: an id is text on SQLite. KeyError without one of the values."""
        given = {name: self._adapted(name, values[name]) for name in self._fields}
        sql, parameters = self._known.get(connection.vendor) or self._put_into_words()
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[p.name] if isinstance(p, _Gap) else p for p in parameters])
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def _put_into_words(self) -> tuple[str, list[Any]]:
        stand_ins = {
            name: _STAND_INS[type(field)](n) for n, (name, field) in enumerate(self._fields.items(), start=1)
        }
        gaps = {self._adapted(name, value): _Gap(name) for name, value in stand_ins.items()}
        sql, parameters = self._make(**stand_ins).query.sql_with_params()
        known = sql, [gaps.get(value, value) for value in parameters]
        if {p.name for p in known[1] if isinstance(p, _Gap)} != set(self._fields):
            raise AssertionError(
                "A value of a prepared statement is not found in it as the database takes it."
            )
        self._known[connection.vendor] = known
        return known

    def _adapted(self, name: str, value: Any) -> Any:
        return self._fields[name].get_db_prep_value(value, connection, prepared=False)


class _Gap:
    """Where a value goes."""

    def __init__(self, name: str) -> None:
        self.name = name
