"""`{% load records %}`: links to records by what they are, never by their address."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from shield.kernel.calendar.rules import in_words_to
from shield.kernel.records import models, queries

register = template.Library()


@register.simple_tag(takes_context=True)
def address(context: Context, record: Any) -> str:
    """The page of a record or of a reference to one."""
    return queries.address(
        record.kind, getattr(record, "pk", None) or record.id, context["request"].actor.partnership_slug
    )


@register.simple_tag(takes_context=True)
def act_address(context: Context, item: Any) -> str:
    """The page on which somebody does what waits for them."""
    return queries.address_of_act(item, context["request"].actor.partnership_slug)


@register.simple_tag(takes_context=True)
def addition_address(context: Context, panel: Any) -> str:
    """The page on which somebody adds to a panel."""
    return queries.address_of_addition(panel, context["request"].actor.partnership_slug)


@register.filter
def kind_label(record: Any) -> str:
    """What people call this kind of record."""
    return models.kind_label(record.kind)


@register.filter
def dated(day: Any, precision: str = "day") -> str:
    """A date as exactly as it is known: 29 July 2019, July 2019, 2019; empty without one."""
    return in_words_to(day, precision) if day else ""


@register.filter
def in_precision(record: Any, name: str) -> str:
    """A record's date in the record's own precision: `{{ action|in_precision:"due_on" }}`."""
    return dated(getattr(record, name), getattr(record, "precision", "day"))
