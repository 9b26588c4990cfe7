"""A service is keyword-only and typed, and leaves its event in the history."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import walk

NO_EVENT = {
    "shield.kernel.jobs.services.enqueue": "asks for work; the act that asks has its own event",
    "shield.kernel.jobs.services.perform": "runs a job; the job's own service writes the event",
    "shield.kernel.jobs.services.give_sign": "a worker's sign of life is no act on a record",
    "shield.kernel.jobs.services.pick_up_stranded": "puts jobs back in the queue; changes no record",
    "shield.kernel.jobs.services.ask_for_due": "asks for scheduled work; changes no record",
    "shield.kernel.notices.services.send_waiting": "the messages were recorded when they were queued",
    "shield.kernel.notices.services.ask_back": "the messages were recorded when they were queued",
    "shield.kernel.notices.services.begin_summary": "part of the act that queues the summary",
    "shield.kernel.notices.services.note_told": "part of the act that queues the summary",
    "shield.kernel.notices.services.send_unkept": "the act that asked for the message has its own event",
    "shield.kernel.accounts.services.invitations.send_invitation": "the invitation was recorded when it was written",
    "shield.kernel.accounts.services.invitations.send_delayed_invitations": "the invitations were recorded when written",
    "shield.kernel.history.services.record": "writes the events themselves",
    "shield.kernel.history.services.anchor": "copies the end of the chain outside the database",
    "shield.kernel.history.services.note_read": "reads have a chain of their own",
    "shield.annual_report.services.render_report": "reads only: a report in its formats",
    "shield.annual_report.services.published_content": "reads only: one format of a frozen report",
    "shield.kernel.accounts.services.partnerships.note_source": "part of the act that made the record",
    "shield.kernel.accounts.services.sessions.note_session": "a sign of life of a session, no act on a record",
    "shield.kernel.accounts.services.sessions.cut_off": "part of the act that ends the sessions",
    "shield.kernel.accounts.services.people.reopen": "part of the act that gives a role again",
    "shield.meetings.services.attending.head_count": "counts a register or refuses it, and writes nothing",
    "shield.domain.voice.services.surveying.reply": "the time of an event would tell who answered",
    "shield.meetings.services.leads.require_lead_of": "refuses, and writes nothing",
    "shield.domain.reviews.services.frame.own": "refuses or re-reads a case for a change, and writes nothing",
    "shield.domain.reviews.services.frame.not_after": "refuses, and writes nothing",
    "shield.domain.reviews.services.telling.who_answers": "reads only: who is told",
    "shield.domain.reviews.services.asking.remind_of_returns": "the reminders it notes have their own events",
    "shield.kernel.accounts.services.teams.dedicate": "part of the act that forms the team",
    "shield.domain.reviews.services.reviewing.locked": "re-reads a row for a change, and writes nothing",
    "shield.domain.reviews.services.reviewing.under_way": "re-reads a row for a change, and writes nothing",
    "shield.kernel.identities.services.require_no_names": "refuses, and writes nothing",
    "shield.kernel.accounts.services.people.require_here": "refuses, and writes nothing",
    "shield.kernel.accounts.services.people.require_over": "refuses, and writes nothing",
    "shield.kernel.accounts.services.people.require_agency": "refuses, and writes nothing",
    "shield.kernel.accounts.services.people.require_role": "refuses, and writes nothing",
    "shield.kernel.retention.services.erasing.erase": "part of the act that disposes; the log and the event are written there",
    "shield.kernel.retention.services.requests.require_owner": "refuses, and writes nothing",
    "shield.kernel.retention.services.requests.locked": "re-reads a row for a change, and writes nothing",
    "shield.kernel.retention.services.disposing.remove_doomed_files": "clears the disk of what a logged disposal has doomed",
    "shield.kernel.retention.services.disposing.take_up_confirmed": "asks for a job again; changes no record",
    "shield.kernel.retention.services.releasing.draft_answer": "reads only: the answer as it would leave",
    "shield.kernel.clocks.services.telling.remind_each": "each reminder has its own event",
    "shield.kernel.clocks.services.telling.remind_of_clocks": "the reminders it notes have their own events",
    "shield.improvement.services.chasing.chase": "the reminder it notes has its own event",
    "shield.improvement.services.chasing.remind_of_actions": "the reminders it notes have their own events",
    "shield.meetings.services.telling.remind_of_papers": "the reminders it notes have their own events",
    "shield.domain.audits.services.telling.remind_of_answers": "the reminders it notes have their own events",
    "shield.domain.chronologies.services.telling.remind_of_contributions": "the reminders it notes have their own events",
    "shield.domain.chronologies.services.opening.locked": "re-reads a row for a change, and writes nothing",
    "shield.domain.chronologies.services.giving.own": "re-reads a row for a change, and writes nothing",
    "shield.domain.chronologies.services.grouping.regroup": "part of the act that says or takes back that two are one event",
    "shield.domain.chronologies.services.writing.write": "part of the act that takes a table in",
    "shield.domain.chronologies.services.giving.own_upload": "re-reads a row for a change, and writes nothing",
    "shield.domain.chronologies.services.giving.told_count": "words of a history, and writes nothing",
    "shield.domain.chronologies.services.writing.sealed": "seals the rows of a table, and writes nothing",
    "shield.domain.chronologies.services.writing.set_aside": "keeps sealed rows in a file of the moment, and writes nothing",
    "shield.domain.chronologies.services.indexing.catalogue": "gathers words, and writes nothing",
    "shield.domain.chronologies.services.indexing.shelve": "part of the act that takes a table in",
    "shield.domain.chronologies.services.indexing.keep_beside": "part of the act that hands a part in",
    "shield.domain.chronologies.services.indexing.keep_what_is_missing": "writes what is derived from the entries",
    "shield.domain.audits.services.telling.chase_answers": "the reminder it notes has its own event",
    "shield.domain.audits.services.selecting.forget_references": "part of the act that ends the audit",
    "shield.domain.voice.services.judging.judge_numbers": "part of the act that puts a number on record",
    "shield.kernel.search.services.catch_up": "writes what is derived from the records, and follows their events",
    "shield.kernel.search.services.follow": "writes what is derived from the records, and follows their events",
    "shield.kernel.search.services.rebuild": "writes what is derived from the records",
    "shield.kernel.search.services.tidy": "removes what is derived from the records",
    "shield.kernel.records.services.hand_over": "asks the modules' own services, each records its own events",
}
"""Public services that record no event, each with its reason."""
POSITIONAL = {
    "shield.kernel.jobs.services.enqueue": "the name of the job first, as it is read",
    "shield.kernel.jobs.services.perform": "called by the queue, from stored arguments",
    "shield.kernel.history.services.record": "the event first, as it is read",
    "shield.kernel.history.services.anchor": "called by record() alone",
    "shield.domain.reviews.services.frame.own": "the case first, as it is read",
    "shield.domain.reviews.services.frame.reach": "the case first, as it is read",
    "shield.domain.reviews.services.frame.not_after": "the day first, as it is read",
    "shield.domain.reviews.services.telling.who_answers": "the return first, as it is read",
}
"""Services that take an argument by position, each with its reason."""
FILES = walk.room_files("services")


def public(path: Path):
    """The public functions of a file of services, by their whole name."""
    return {
        f"{walk.dotted(path)}.{name}": node
        for name, node in walk.functions(walk.sources()[path]).items()
        if not name.startswith("_")
    }


SERVICES = {name: (path, node) for path in FILES for name, node in public(path).items()}


def calls(node: ast.AST) -> set[str]:
    """The dotted names that a function calls: `history.record`, `_meet`."""
    return {ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}


def aliases(tree: ast.Module) -> dict[str, str]:
    """What imported names stand for: {"history": "shield.kernel.history.services"}."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.update({each.asname or each.name: f"{node.module}.{each.name}" for each in node.names})
    return found


@cache
def called_by(name: str) -> frozenset[str]:
    """The whole dotted names of what one of our functions calls; nothing for a function that is not ours."""
    module, _, function = name.rpartition(".")
    path = PATHS.get(module)
    node = walk.functions(walk.sources()[path]).get(function) if path else None
    if path is None or node is None:
        return frozenset()
    known = aliases(walk.sources()[path])
    parts = [each.partition(".") for each in calls(node)]
    return frozenset(
        f"{known[first]}.{rest}".rstrip(".") if first in known else f"{module}.{first}{dot}{rest}"
        for first, dot, rest in parts
    )


PATHS = {walk.dotted(path): path for path in walk.sources() if walk.PACKAGE in path.parents}


def records_an_event(name: str) -> bool:
    """Whether a function records an event, or calls one of ours that does."""
    reached: set[str] = set()
    ahead = {name}
    while ahead:
        ahead = {called for each in ahead for called in called_by(each)} - reached
        reached |= ahead
    return "shield.kernel.history.services.record" in reached


def test_there_are_services_to_look_at():
    assert len(SERVICES) > 30


@pytest.mark.parametrize("name", SERVICES)
def test_every_public_service_records_its_event(name):
    assert records_an_event(name) != (name in NO_EVENT)


@pytest.mark.parametrize("exempt", [*NO_EVENT, *POSITIONAL])
def test_no_exemption_outlives_its_service(exempt):
    assert exempt in SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_every_public_service_takes_its_arguments_by_name(name):
    arguments = SERVICES[name][1].args
    assert bool(arguments.args or arguments.posonlyargs or arguments.vararg) == (name in POSITIONAL)


@pytest.mark.parametrize("name", SERVICES)
def test_every_public_service_is_typed_and_says_what_it_does(name):
    node = SERVICES[name][1]
    given = [*node.args.args, *node.args.kwonlyargs]
    assert all(argument.annotation is not None for argument in given)
    assert node.returns is not None
    assert ast.get_docstring(node)


@pytest.mark.parametrize("path", FILES, ids=walk.dotted)
def test_no_service_deletes(path):
    deletes = [
        node.lineno
        for node in ast.walk(walk.sources()[path])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"delete", "_raw_delete"}
    ]
    # Old signs of life are no record; a second factor is a key that was lost, and the reset has its event. What is disposed
    # of goes in one place alone; what is in the search index is derived from the records.
    kept_elsewhere = {
        "shield.kernel.jobs.services",
        "shield.kernel.accounts.services.second_factor",
        "shield.kernel.retention.services.erasing",
        "shield.kernel.search.services",
    }
    allowed = 1 if walk.dotted(path) in kept_elsewhere else 0
    assert len(deletes) == allowed, f"{path}: lines {deletes}"


@pytest.mark.parametrize("path", [p for p in walk.sources() if "tests" not in p.parts], ids=walk.dotted)
def test_rows_are_written_by_services_only(path):
    """No page, form, task or query stores a record."""
    if {"services", "models", "management", "sample"} & {
        path.stem,
        path.parent.name,
    } or "project" in path.parts:
        return
    if (
        walk.dotted(path).startswith("shield.annual_report")
        or walk.dotted(path) == "shield.kernel.access.views"
    ):
        return  # the report's services are named after what they do; submit() keeps the once-only token
    stores = [ast.unparse(n.func) for n in ast.walk(walk.sources()[path]) if isinstance(n, ast.Call)]
    assert [
        s for s in stores if s.endswith((".store", ".bulk_create", ".bulk_update", ".objects.create"))
    ] == []


@pytest.mark.parametrize("path", FILES, ids=walk.dotted)
def test_a_service_ties_records_by_link_and_never_by_set(path):
    """`Record.link` refuses rows of another partnership; a many-to-many written by itself does not."""
    manyfold = {f.name for model in walk.own_models() for f in model._meta.many_to_many}
    written = [
        f"line {node.lineno}: {ast.unparse(node.func)}"
        for node in ast.walk(walk.sources()[path])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"set", "add"}
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr in manyfold
    ]
    assert written == []
