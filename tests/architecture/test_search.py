"""What a search may find is declared; nothing sealed, nothing about a child and no name is ever in the index."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, TextField
from django.urls import reverse

from shield.kernel.records.models import KINDS, Record
from shield.kernel.records.rules import Sensitivity
from shield.kernel.search import queries
from shield.project.backups import rows
from shield.project.roles import ROLES
from tests.architecture import walk
from tests.architecture import world as worlds
from tests.cast import queries_counted, set_up, system

MAY_BE_SEARCHED = {Sensitivity.PUBLIC, Sensitivity.INTERNAL}
NAMED = {"accounts.person": {"name"}}
"""Whose name is what they are found by; only who may see people finds them."""
NOT_SEARCHED = {
    "accounts.office": "no page shows offices",
    "accounts.agency_membership": "stands on the page of its person, who is found",
    "accounts.role_grant": "stands on the page of its person, who is found",
    "accounts.team": "stands on the page of its case",
    "accounts.team_membership": "stands on the page of its team",
    "accounts.conflict": "says how near somebody is to a family",
    "reviews.referral": "sealed: what was referred",
    "reviews.route": "stands on the page of its case; its reasons are sealed",
    "reviews.letter": "sealed: what was written about a case",
    "reviews.output": "stands on the page of its case",
    "reviews.practice_review": "its terms are sealed; what is published of it is a page for everybody",
    "reviews.conversation": "sealed: what practitioners and families told a review",
    "reviews.sharing": "stands on the page of its case; what is shared is sealed",
    "reviews.plan_step": "stands in the plan, which is one page",
    "reviews.rapid": "sealed: what the rapid review says",
    "reviews.step": "stands on the page of its case",
    "reviews.return": "sealed: what an agency knows of a child",
    "reviews.sign_off": "stands on the page of its case; its reasons are sealed",
    "identities.identity": "sealed: who a pseudonym stands for",
    "identities.decided": "sealed: a word that could be a name",
    "accounts.invitation": "holds nothing but an address",
    "accounts.leaving": "holds why somebody leaves",
    "accounts.provenance": "tells where a record came from, which is found itself",
    "reporting.year": "a name of four digits",
    "annual_report.number_confirmed": "a number of a text that is found itself",
    "annual_report.item_excused": "stands among the contents of its report",
    "annual_report.build": "a build holds no text",
    "meetings.member": "holds names",
    "meetings.joint_part": "stands on the page of its body, and on the other side in the list of bodies",
    "meetings.attendance": "holds names",
    "meetings.declaration": "holds what somebody declared of themself",
    "meetings.line": "notes become minutes, which are found once they are circulated",
    "meetings.minutes_version": "what was changed should not be found",
    "meetings.calendar_key": "holds nothing but a digest",
    "learning_hub.member": "holds names",
    "audits.scale": "stands among the audit tools, which are found",
    "audits.question": "stands on the page of its tool",
    "audits.record": "says which child, sealed; it is known by a pseudonym",
    "audits.part": "sealed: what an agency said of a child's record",
    "audits.agreed": "sealed: what the panel said of a child's record",
    "lessons.what_changed": "stands on the page of its note",
    "chronologies.chronology": "about one child; found in the lists of its team",
    "chronologies.contribution": "sealed: what an agency is asked about a child",
    "chronologies.upload": "sealed: a table about a child",
    "chronologies.columns": "headings of an agency's tables",
    "chronologies.entry": "sealed: what happened to a child",
    "chronologies.outline": "how much an agency tells of when; shown as the timeline of its chronology",
    "chronologies.words": "sealed: where words stand; asked by the pages of its chronology alone",
    "chronologies.theme": "stands on the page of its chronology",
    "chronologies.mark": "stands on the page of its entry",
    "chronologies.note": "sealed: what a reader thinks of what happened to a child",
    "chronologies.comparison": "says which entries are one event",
    "chronologies.conflict": "sealed: what is said of a child in two ways",
    "voice.came_of": "a link: both ends are found",
    "voice.question": "stands on the page of its survey",
    "voice.circle_member": "holds names",
    "voice.quotation": "sealed: somebody's own words",
    "meetings.topic_lead": "holds names; all of them stand on one page",
    "accounts.urgent_opening": "says why a restricted record was opened",
    "clocks.reminder": "stands on the page of what it tells of",
    "notices.message": "an e-mail says no more than that something waits",
    "retention.period": "stands in the schedule, which is one page",
    "retention.hold": "says who is inquired into",
    "retention.kept_longer": "stands with what it keeps",
    "retention.disposal": "tells of what is gone",
    "retention.disposal_item": "tells of what is gone",
    "retention.subject_request": "holds what a person asked of us",
    "retention.subject_item": "sealed: what is kept about a person",
    "retention.third_party": "sealed: who else is named",
}
"""Kinds that no search finds, each with its reason: a new kind is declared searched or stands here."""
SEARCHED = queries.kinds()


def sensitivity(model: Any) -> dict[str, Sensitivity]:
    base = Record.base_sensitivity if issubclass(model, Record) else {}
    return {**base, **model.sensitivity}


def sensitivity_at(model: Any, path: str) -> Sensitivity:
    """How far the field at the end of `decision.text` may travel."""
    first, _, rest = path.partition(".")
    return (
        sensitivity_at(model._meta.get_field(first).related_model, rest)
        if rest
        else sensitivity(model)[first]
    )


def test_every_kind_is_searched_or_says_why_not() -> None:
    assert set(KINDS) - set(SEARCHED) == set(NOT_SEARCHED)


@pytest.mark.parametrize("kind", SEARCHED)
def test_nothing_that_may_not_travel_is_declared_as_searched(kind: str) -> None:
    model, how = SEARCHED[kind]
    assert {sensitivity_at(model, path) for path in (*how.by, *filter(None, [how.day]))} <= MAY_BE_SEARCHED


@pytest.mark.parametrize("kind", SEARCHED)
def test_every_searched_kind_has_a_page(kind: str) -> None:
    model, how = SEARCHED[kind]
    if how.at:
        assert reverse(how.at, args=["testbury"])
        return
    fields = {field.name: field for field in model._meta.concrete_fields}
    above = fields[how.under].related_model if how.under in fields else None
    assert model.url_name or (above is not None and above.url_name), kind


@pytest.mark.parametrize("kind", SEARCHED)
def test_what_is_declared_of_a_kind_is_there(kind: str) -> None:
    model, how = SEARCHED[kind]
    names = {field.name for field in model._meta.concrete_fields}
    assert {name.partition("__")[0] for name, _ in how.only} | {
        n for n in (*how.follows, how.instead_of) if n
    } <= names
    assert not how.under or how.under in names or {f"{how.under}_kind", f"{how.under}_id"} <= names


def _marked(record: Any, mark: str, seen: set[int]) -> Any:
    """The record with a mark in every text that may not be indexed, and so the records it names."""
    if id(record) in seen:
        return record
    seen.add(id(record))
    how_far = sensitivity(type(record))
    for field in record._meta.concrete_fields:
        if field.is_relation:
            other = getattr(record, field.name)
            if other is not None and hasattr(other, "sensitivity"):
                _marked(other, mark, seen)
        elif isinstance(field, CharField | TextField) and how_far[field.name] not in MAY_BE_SEARCHED:
            setattr(record, field.name, mark)
    return record


def test_what_may_be_seen_is_said_without_asking_the_database(cast: Any, actor: Any) -> None:
    """The search keeps these statements, so what they say must be asked anew each time they are run."""
    for role in ROLES:
        who = actor(role, agency=cast.agencies["school"])
        with queries_counted() as counted:
            for model in KINDS.values():
                with suppress(EmptyResultSet):
                    model.objects.visible_to(who).query.sql_with_params()
        assert counted == [], role


def test_no_entry_holds_a_text_that_may_not_travel(some_database: None) -> None:
    """Headings are made by code, so each is tried: whatever is personal is marked, and no mark gets into the index."""
    cast = set_up()
    world = worlds.build(cast)
    by = system(cast.testbury)
    tried = set()
    for kind, record in world.specimens.items():
        if kind not in SEARCHED or kind in NAMED:
            continue
        fresh = KINDS[kind].objects.visible_to(by).get(pk=record.pk)
        mark = f"mark{uuid.uuid4().hex}"
        [entry] = queries.documents([_marked(fresh, mark, set())], SEARCHED[kind][1], cast.testbury.pk)
        held = " ".join((entry.title, entry.under_title, entry.text, entry.folded_title, entry.folded_text))
        assert mark not in held, kind
        tried.add(kind)
    assert len(tried) > 20


def test_the_index_is_in_no_backup() -> None:
    tables = {model._meta.db_table for model in walk.own_models() if model._meta.app_label == "search"}
    assert tables
    assert tables <= rows.NOT_KEPT
