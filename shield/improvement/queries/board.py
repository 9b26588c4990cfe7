"""The findings of a priority, column by column of their themes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from shield.improvement import rules
from shield.improvement.models import Finding, Priority, Theme
from shield.kernel.access.rules import Actor
from shield.kernel.records.rules import as_uuid


@dataclass(frozen=True)
class Card:
    """A finding on the board, how many recommendations rest on it, and the themes it may belong under."""

    finding: Finding
    led_to: int
    suggested: tuple[Theme, ...]


@dataclass(frozen=True)
class Pile:
    """A column: a theme with its findings; the findings under no theme are one without."""

    theme: Theme | None
    cards: tuple[Card, ...]


def board(priority: Priority, actor: Actor) -> list[Pile]:
    """The findings under no theme first, then each theme of the priority and each other that holds one of its findings."""
    rows = Finding.objects.visible_to(actor).filter(priority=priority)
    standing = Q(recommendations__withdrawn_on=None)
    rows = rows.annotate(led_to=Count("recommendations", distinct=True, filter=standing))
    rows = rows.prefetch_related(Prefetch("themes", Theme.objects.standing())).order_by("sort", "reference")
    themes = _every_theme(actor)
    known = {pk: (theme.title, [f.text for f in theme.findings.all()]) for pk, theme in themes.items()}
    piles: dict[uuid.UUID | None, list[Card]] = {None: []}
    piles |= {pk: [] for pk, theme in themes.items() if theme.priority_id == priority.pk}
    for row in rows:
        under = [theme.pk for theme in row.themes.all()]
        near = [] if under else rules.suggest_themes(row.text, known)
        card = Card(row, row.led_to, tuple(themes[pk] for pk in near))
        for pk in under or [None]:
            piles.setdefault(pk, []).append(card)
    return [Pile(themes[pk] if pk else None, tuple(cards)) for pk, cards in piles.items()]


def busiest(priorities: Iterable[Priority], actor: Actor) -> Priority | None:
    """The priority whose board is worth opening first: the one with most findings under no theme, else with most."""
    rows = Finding.objects.visible_to(actor).filter(priority__isnull=False)
    tally = (
        rows.order_by()
        .values("priority_id")
        .annotate(every=Count("pk"), loose=Count("pk", filter=Q(themes=None)))
    )
    found = {row["priority_id"]: (row["loose"], row["every"]) for row in tally}
    return max(priorities, key=lambda priority: found.get(priority.pk, (0, 0)), default=None)


def suggested_for(finding: Finding, actor: Actor) -> list[Theme]:
    """The themes that one finding may belong under and is not under yet."""
    themes = _every_theme(actor)
    under = set(finding.themes.values_list("pk", flat=True))
    known = {
        pk: (theme.title, [f.text for f in theme.findings.all()])
        for pk, theme in themes.items()
        if pk not in under
    }
    return [themes[pk] for pk in rules.suggest_themes(finding.text, known)]


def themes_of(finding_ids: Iterable[str], actor: Actor) -> list[str]:
    """The ids of the themes under which all of these findings stand, for a recommendation made of them."""
    wanted = {pk for pk in map(as_uuid, finding_ids) if pk}
    found = Finding.objects.visible_to(actor).filter(pk__in=wanted).prefetch_related("themes")
    sets = [{str(theme.pk) for theme in finding.themes.all()} for finding in found]
    return sorted(set.intersection(*sets)) if sets else []


def _every_theme(actor: Actor) -> dict[uuid.UUID, Theme]:
    """All themes of the partnership with the findings under each: what was sorted before tells where a new one goes."""
    found = Prefetch("findings", Finding.objects.standing().only("text", "withdrawn_on"))
    rows: Iterable[Theme] = Theme.objects.visible_to(actor).prefetch_related(found).order_by("title")
    return {theme.pk: theme for theme in rows}
