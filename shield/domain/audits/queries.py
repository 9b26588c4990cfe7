"""Reads across audits, parts and judgements."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shield.domain.audits import permissions, rules
from shield.domain.audits.models import (
    AgencyPart,
    AgreedJudgement,
    Audit,
    AuditedRecord,
    AuditTool,
    Discussion,
    Scale,
    ToolQuestion,
    answers_for,
)
from shield.improvement import permissions as improvement
from shield.improvement.models import Finding, Recommendation
from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.reporting import queries as reporting
from shield.meetings.models import Gathering

CHOSEN = Q(records__chosen=True, records__dropped=False)


def counted(rows: QuerySet[Audit]) -> QuerySet[Audit]:
    """Audits that know how many records are chosen (`picked`), how many in depth, and how much was found."""
    told = (
        Finding.objects.standing()
        .filter(origin_id=OuterRef("pk"))
        .order_by()
        .values("origin_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return rows.annotate(
        picked=Count("records", filter=CHOSEN),
        picked_deep=Count("records", filter=CHOSEN & Q(records__depth=rules.Depth.DEEP_DIVE)),
        looked=_answered(Q()),
        looked_deep=_answered(Q(depth=rules.Depth.DEEP_DIVE)),
        told=Coalesce(Subquery(told), 0),
    )


def _answered(also: Q) -> Coalesce:
    """How many records of an audit some agency answered on: one of which all were excused nobody looked at."""
    part = AgencyPart.objects.filter(record=OuterRef("pk"), status=rules.PartStatus.ACCEPTED)
    rows = AuditedRecord.objects.filter(
        Exists(part), also, audit=OuterRef("pk"), chosen=True, dropped=False
    ).order_by()
    return Coalesce(Subquery(rows.values("audit_id").annotate(n=Count("pk")).values("n")), 0)


def audits(actor: Actor) -> QuerySet[Audit]:
    """The audits somebody may see, the latest first, each with its counts."""
    return counted(Audit.objects.visible_to(actor)).order_by("-starts_on", "-reference")


def told_of(actor: Actor) -> QuerySet[Audit]:
    """The same with who led and audited, and the discussions: all that the report tells of an audit."""
    return audits(actor).prefetch_related("team", "led_by", "discussions__agencies")


def considered(audit: Any) -> tuple[int | None, int | None]:
    """How many records were looked at, and how many of them in depth; None if it is not known, or not done yet.

    Counted before the panel; once an audit is closed what was kept then, or what was told of one done before.
    """
    if audit.status == rules.Status.CLOSED:
        return audit.considered, audit.in_depth
    return (audit.looked, audit.looked_deep) if audit.status in rules.COMPARED else (None, None)


def counts_of(audit: Audit) -> Any:
    """One audit with its counts."""
    return counted(Audit.objects.filter(pk=audit.pk)).get()


def issued_with(audit: Audit, *days: date) -> str:
    """The year whose issued report tells of an audit, by when it was done or by these days; empty if none."""
    if audit.done_on is None:
        return ""
    year = reporting.issued_year(audit.partnership_id, audit.done_on, *days)
    return year.name if year else ""


def records_of(audit: Audit) -> QuerySet[AuditedRecord]:
    """The rows of an audit's frame, whoever asks; for services and for pages of who runs it."""
    rows = AuditedRecord.objects.filter(audit=audit, dropped=False).select_related(*AuditedRecord.shown_with)
    return rows.order_by("number")


def chosen_of(audit: Audit, actor: Actor) -> QuerySet[AuditedRecord]:
    """The records chosen, as far as the actor may see them."""
    return AuditedRecord.objects.visible_to(actor).filter(audit=audit, chosen=True).order_by("number")


def drawn_again(audit: Audit) -> bool:
    """Whether drawing again from the list on record gives the records that were chosen."""
    rows = list(records_of(audit))
    picked = tuple(row.number for row in rows if row.chosen)
    frame = [rules.FrameRow(row.number, row.groups.get(audit.group_by, "")) for row in rows]
    by_group = audit.method == rules.Method.STRATIFIED
    return rules.draw(frame, len(picked), audit.seed, by_group=by_group) == picked


def parts_of(audit: Audit, actor: Actor) -> QuerySet[AgencyPart]:
    """The parts of an audit that the actor may see, by record and agency."""
    return AgencyPart.objects.visible_to(actor).filter(record__audit=audit)


def with_mine(rows: QuerySet[AgencyPart], actor: Actor) -> QuerySet[AgencyPart]:
    """Parts that know whether the actor answers them (`is_mine`)."""
    mine = Q(agency_id__in=answers_for(actor).order_by().values("pk"))
    return rows.annotate(is_mine=ExpressionWrapper(mine, output_field=BooleanField()))


def own_parts(actor: Actor) -> QuerySet[AgencyPart]:
    """The parts that wait for the actor's own agency."""
    if not actor.may(permissions.ANSWER):
        return AgencyPart.objects.none()
    rows = AgencyPart.objects.visible_to(actor).filter(
        agency_id__in=answers_for(actor).order_by().values("pk"), status__in=rules.EDITABLE,
        record__audit__status=rules.Status.AUDITING,
    )  # fmt: skip
    return rows.order_by("record__audit__answers_due_on", "record__number")


def who_answers(agencies: Iterable[Agency], on: date) -> list[Person]:
    """Everybody who can sign in and may answer for one of these agencies, each once.

    For a unit its own people; those of the agency above it only where it has none (`models.answers_for`).
    """
    roles = access.roles_with(permissions.ANSWER)
    found: dict[uuid.UUID, Person] = {}
    for agency in agencies:
        own = accounts.posts_in(agency.partnership_id, on, roles=roles).filter(agency=agency)
        everybody = accounts.people_in(agency, on, roles=roles)
        people = everybody.filter(pk__in=own.order_by().values("person_id"))
        found |= {person.pk: person for person in (people if own.exists() else everybody)}
    return list(found.values())


def agencies_that_answer(actor: Actor, on: date) -> set[uuid.UUID]:
    """The agencies for which somebody can sign in and answer; two queries for all."""
    roles = access.roles_with(permissions.ANSWER)
    return accounts.agencies_with(accounts.posts_in(actor.partnership_id, on, roles=roles))


def still_to_answer(audit: Audit) -> QuerySet[Agency]:
    """The agencies of which a part is still awaited."""
    parts = AgencyPart.objects.filter(record__audit=audit, status__in=rules.EDITABLE)
    return Agency.objects.filter(pk__in=parts.order_by().values("agency_id")).order_by("name")


def audits_to_remind_of(actor: Actor, today: date) -> QuerySet[Audit]:
    """Audits whose answers are due before long, or were, and are not all in."""
    open_parts = AgencyPart.objects.filter(record__audit=OuterRef("pk"), status__in=rules.EDITABLE)
    rows = Audit.objects.visible_to(actor).filter(
        Exists(open_parts), status=rules.Status.AUDITING, answers_due_on__lte=today + rules.LONGEST_NOTICE
    )
    return rows.order_by("answers_due_on")


def to_go_on(actor: Actor) -> QuerySet[Audit]:
    """Audits that wait for whoever runs them: all parts settled, compared and not discussed, discussed and not closed."""
    parts = AgencyPart.objects.filter(record__audit=OuterRef("pk"))
    ready = Q(status=rules.Status.AUDITING) & ~Exists(parts.exclude(status__in=rules.SETTLED))
    rows = Audit.objects.visible_to(actor).filter(
        ready | Q(status__in=[rules.Status.MODERATING, rules.Status.DISCUSSED])
    )
    return rows.order_by("starts_on")


def questions_of(tool: AuditTool) -> QuerySet[ToolQuestion]:
    """The questions of a version, in their order."""
    return ToolQuestion.objects.filter(tool=tool, dropped=False).select_related("scale", "tool")


def questions_for(part: AgencyPart) -> list[ToolQuestion]:
    """The questions that one agency is asked."""
    if part.audit.tool is None:
        return []
    return [q for q in questions_of(part.audit.tool) if q.asks(part.agency.sector)]


def tools(actor: Actor) -> QuerySet[AuditTool]:
    """The versions of all tools, each with how much it asks and how often it is used."""
    return AuditTool.objects.visible_to(actor).annotate(
        asks=Count("questions", filter=Q(questions__dropped=False), distinct=True),
        used=Count("audits", distinct=True),
    )


def usable_tools(actor: Actor) -> QuerySet[AuditTool]:
    """The versions with which an audit may be made."""
    return AuditTool.objects.visible_to(actor).exclude(status=rules.ToolStatus.RETIRED)


def scales(actor: Actor) -> QuerySet[Scale]:
    """The scales of the partnership."""
    return Scale.objects.visible_to(actor)


def findings_of(audit: Audit, actor: Actor) -> QuerySet[Finding]:
    """What the Learning Hub was told this audit found."""
    return Finding.objects.visible_to(actor).filter(origin_id=audit.pk).order_by("sort", "reference")


def first_words(audit: Audit, actor: Actor) -> dict[str, str]:
    """What a briefing note on an audit begins with: everything the records already say."""
    total, _ = considered(counts_of(audit))
    people = [n for n in discussions_of(audit).values_list("practitioners", flat=True) if n is not None]
    agencies = "; ".join([*(agency.name for agency in audit.team.all()), *audit.team_outside])
    found = list(findings_of(audit, actor)) if actor.may(improvement.VIEW) else []
    asked = Recommendation.objects.visible_to(actor).filter(findings__in=found).distinct() if found else ()
    said = (
        audit.why,
        f"We looked at {audit.units(total)}." if total else "",
        audit.frame,
        f"Agencies that audited: {agencies}." if agencies else "",
        f"{sum(people)} practitioners talked the work over with the panel." if people else "",
    )
    return {
        "title": audit.title,
        "looked_at": "\n".join(line for line in said if line),
        "working_well": "\n".join(f"- {row.text}" for row in found if row.sort == "working_well"),
        "to_develop": "\n".join(f"- {row.text}" for row in found if row.sort == "to_develop"),
        "happens_next": "\n".join(f"- {row.heading}" for row in asked),
    }


def themes_found(audit: Audit, actor: Actor) -> tuple[uuid.UUID, ...]:
    """The themes of what an audit found."""
    rows = findings_of(audit, actor).order_by().filter(themes__isnull=False)
    return tuple(rows.values_list("themes", flat=True).distinct())


def discussions_of(audit: Audit) -> QuerySet[Discussion]:
    """The reflective discussions of an audit."""
    return (
        Discussion.objects.filter(audit=audit).prefetch_related("agencies", "gatherings").order_by("held_on")
    )


def sessions(actor: Actor, audit: Audit) -> QuerySet[Gathering]:
    """Meetings at which a discussion may have been held: from the day on which the audit began until today."""
    rows = Gathering.objects.visible_to(actor).exclude(status="cancelled")
    return rows.filter(held_on__range=(audit.starts_on, calendar.today())).order_by("held_on")


def without_findings(actor: Actor) -> list[Audit]:
    """Audits that were done and of which the Learning Hub was told nothing, without a word why."""
    rows = counted(Audit.objects.visible_to(actor)).filter(
        status__in=[rules.Status.DISCUSSED, rules.Status.CLOSED], told=0, nothing_found=""
    )
    return list(rows.order_by("starts_on"))


# The panel's comparison -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What one agency said to one question."""

    agency: str
    judgement: str
    word: str
    tone: str
    words: str


@dataclass(frozen=True)
class Comparison:
    """One question of one record: what each agency said, how far apart, what the panel agreed."""

    question: ToolQuestion
    points: tuple[rules.Point, ...]
    said: tuple[Said, ...]
    steps: int | None
    agreed: AgreedJudgement | None

    @property
    def has_words(self) -> bool:
        """Whether any agency wrote something."""
        return any(said.words for said in self.said)

    @property
    def grouped(self) -> list[tuple[rules.Point | None, list[str]]]:
        """The agencies that gave each judgement, from the best to the worst; last those that gave none."""
        made = [(p, [s.agency for s in self.said if s.judgement == p.code]) for p in self.points]
        silent = [s.agency for s in self.said if not s.word]
        return [(point, names) for point, names in [*made, (None, silent)] if names]

    @property
    def agreed_point(self) -> rules.Point | None:
        """What the panel agreed, as a point."""
        code = self.agreed.judgement if self.agreed else ""
        return next((p for p in self.points if p.code == code), None)


def comparisons(record: AuditedRecord, actor: Actor) -> list[Comparison]:
    """The accepted answers of all agencies on one record beside each other, question by question."""
    if record.audit.tool is None:
        return []
    parts = AgencyPart.objects.visible_to(actor).filter(record=record, status=rules.PartStatus.ACCEPTED)
    answers = [(part, part.answers) for part in parts.order_by("agency__name")]
    agreed = {row.question_id: row for row in _agreed(record).select_related("question", "record__audit")}
    return [
        _compare(question, answers, agreed.get(question.pk)) for question in questions_of(record.audit.tool)
    ]


def _agreed(record: AuditedRecord) -> QuerySet[AgreedJudgement]:
    """What stands agreed on a record, without what was taken back."""
    return AgreedJudgement.objects.filter(record=record).exclude(judgement="")


def not_agreed(audit: Audit, actor: Actor) -> int:
    """On how many questions of its records, on which agencies judged, the panel agreed nothing."""
    questions = [q for q in questions_of(audit.tool) if q.asked.points] if audit.tool else []
    parts = (
        parts_of(audit, actor).filter(status=rules.PartStatus.ACCEPTED).defer("sealed_words", "sealed_reason")
    )
    judged = {(p.record_id, q.pk) for p in parts for q in questions if p.judgements.get(q.key)}
    rows = AgreedJudgement.objects.filter(record__audit=audit).exclude(judgement="")
    return len(judged - set(rows.values_list("record_id", "question_id")))


def agreed_of(record: AuditedRecord) -> dict[str, rules.Answer]:
    """What the panel agreed on a record, by the key of the question."""
    rows = _agreed(record).select_related("question")
    return {row.question.key: rules.Answer(row.judgement, row.reason) for row in rows}


def _compare(
    question: ToolQuestion,
    answers: Sequence[tuple[AgencyPart, dict[str, rules.Answer]]],
    agreed: AgreedJudgement | None,
) -> Comparison:
    points = question.asked.points
    by_code = {p.code: p for p in points}
    said, codes = [], []
    for part, given in answers:
        if not question.asks(part.agency.sector):
            continue
        answer = given.get(question.key, rules.NOTHING)
        point = by_code.get(answer.judgement)
        said.append(
            Said(
                part.agency.called,
                answer.judgement,
                point.word if point else "",
                point.tone if point else "neutral",
                answer.words,
            )
        )
        codes.append(answer.judgement)
    return Comparison(question, points, tuple(said), rules.apart(codes, points) if points else None, agreed)


def differing(parts: Iterable[AgencyPart], questions: Sequence[ToolQuestion]) -> dict[uuid.UUID, int]:
    """On how many questions the agencies differ, by record; `parts` are those of one audit."""
    by_record: dict[uuid.UUID, list[AgencyPart]] = {}
    for part in parts:
        if part.status == rules.PartStatus.ACCEPTED:
            by_record.setdefault(part.record_id, []).append(part)
    judged = [(question, points) for question in questions if (points := question.asked.points)]
    return {
        record_id: sum(
            bool(rules.apart([p.judgements.get(q.key, "") for p in mine if q.asks(p.agency.sector)], points))
            for q, points in judged
        )
        for record_id, mine in by_record.items()
    }


# Results across audits --------------------------------------------------------------------------------


@dataclass
class Result:
    """How one agency judged practice on one question in one audit, over its records."""

    audit: Audit
    question: str
    key: str
    agency: str
    points: tuple[rules.Point, ...]
    given: dict[str, int] = field(default_factory=dict)
    by_panel: bool = False

    @property
    def judged(self) -> int:
        """On how many records."""
        return sum(self.given.values())

    def many(self, code: str) -> int:
        """How many records were judged so."""
        return self.given.get(code, 0)


PANEL = "The panel"


def results(
    actor: Actor, *, key: str = "", agency_id: uuid.UUID | None = None, since: date | None = None
) -> list[Result]:
    """Judgements by question and agency in every audit the panel has compared, in order of time."""
    parts = AgencyPart.objects.visible_to(actor).filter(
        status=rules.PartStatus.ACCEPTED, record__audit__status__in=rules.COMPARED
    )
    if agency_id is not None:
        parts = parts.filter(agency_id=agency_id)
    if since is not None:
        parts = parts.filter(record__audit__starts_on__gte=since)
    rows = list(
        parts.order_by("record__audit__starts_on", "agency__name").defer("sealed_words", "sealed_reason")
    )
    asked = _asked(part.record.audit for part in rows)
    found: dict[tuple[Any, ...], Result] = {}
    for part in rows:
        audit = part.record.audit
        for question in asked.get(audit.tool_id, ()):
            code = part.judgements.get(question.key)
            if not code or (key and question.key != key):
                continue
            made = found.setdefault(
                (audit.pk, question.key, part.agency_id),
                Result(audit, question.text, question.key, part.agency.called, question.asked.points),
            )
            made.given[code] = made.given.get(code, 0) + 1
    if agency_id is None:
        _add_panel(found, {part.record.audit_id: part.record.audit for part in rows}, key)
    return sorted(found.values(), key=lambda r: (r.audit.starts_on, r.question, r.by_panel, r.agency))


def _asked(every: Iterable[Audit]) -> dict[Any, list[ToolQuestion]]:
    """The questions that are judged, by version of the tool."""
    ids = {audit.tool_id for audit in every}
    asked: dict[Any, list[ToolQuestion]] = {}
    rows = ToolQuestion.objects.filter(tool_id__in=ids).exclude(answer=rules.AnswerKind.TEXT)
    for question in rows.select_related("scale", "tool"):
        asked.setdefault(question.tool_id, []).append(question)
    return asked


def _add_panel(found: dict[tuple[Any, ...], Result], known: dict[uuid.UUID, Audit], key: str) -> None:
    standing = AgreedJudgement.objects.exclude(judgement="")
    rows = standing.filter(record__audit_id__in=known).select_related(
        "question__scale", "question__tool", "record"
    )
    for row in rows.defer("sealed_reason"):
        question, audit = row.question, known[row.record.audit_id]
        if key and question.key != key:
            continue
        made = found.setdefault(
            (audit.pk, question.key, PANEL),
            Result(audit, question.text, question.key, PANEL, question.asked.points, by_panel=True),
        )
        made.given[row.judgement] = made.given.get(row.judgement, 0) + 1


def agencies_judged(actor: Actor) -> QuerySet[Agency]:
    """The agencies whose judgements the actor may see."""
    ids = AgencyPart.objects.visible_to(actor).order_by().values("agency_id")
    return Agency.objects.filter(pk__in=ids).order_by("name")
