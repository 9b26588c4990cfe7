"""Audit tools and scales: questions as data, in versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from shield.domain.audits import events, permissions, queries, rules
from shield.domain.audits.models import AuditTool, Scale, ToolQuestion
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, new_id

STANDARD_SCALES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Four grades",
        (
            ("Outstanding", "good"),
            ("Good", "good"),
            ("Requires improvement", "attention"),
            ("Inadequate", "late"),
        ),
    ),
    ("Red, amber, green", (("Green", "good"), ("Amber", "attention"), ("Red", "late"))),
    ("0 to 3", (("3", "good"), ("2", "good"), ("1", "attention"), ("0", "late"))),
)
"""Scales that partnerships use most, from the best to the worst; the first has the words of Ofsted's judgements."""
STANDARD_QUESTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("The child", "Is the child's voice heard, recorded and acted upon?", "judgement",
     "What the child said, how it was sought, and what changed because of it."),
    ("The child", "Is it clear from the record what daily life is like for this child?", "yes_no", ""),
    ("Assessment", "Is the child's history understood, and is there one chronology?", "judgement",
     "Look across moves of home, school and area."),
    ("Assessment", "Were parents, carers and the wider family part of the assessment?", "yes_no", "Fathers as well."),
    ("Working together", "Did agencies share what they knew in time?", "judgement", ""),
    ("Working together", "Did your agency take part in the meetings it was asked to?", "yes_no", ""),
    ("Working together", "Was there challenge or escalation where it was needed?", "yes_no", ""),
    ("Oversight", "Is supervision and management oversight on record, and does it guide the work?", "judgement", ""),
    ("Difference made", "Is the child safer, or better off, for what was done?", "judgement",
     "Say what shows it."),
    ("In your words", "What worked well?", "text", ""),
    ("In your words", "What should be done differently?", "text", ""),
)  # fmt: skip
"""Section, question, how it is answered, guidance: a first tool to copy and change."""


@transaction.atomic
def add_scale(*, title: str, points: Sequence[tuple[str, str]], by: Actor) -> Scale:
    """Add a scale: the words of its points from the best to the worst, each with a tone."""
    access.require(by, permissions.RUN)
    words = [word.strip() for word, _ in points]
    if not 2 <= len(words) <= 7 or len(set(words)) < len(words) or not all(words):
        raise Refused("A scale has from two to seven points, each with a word of its own.", "points")
    if any(len(word) > 60 for word in words):
        raise Refused("A point of a scale has 60 characters at most.", "points")
    made = [{"word": word.strip(), "tone": tone} for word, tone in points]
    scale = Scale.new(by, title=title, points=made).store()
    history.record(events.SCALE_MADE, on=scale.ref, by=by)
    return scale


@transaction.atomic
def add_tool(*, title: str, by: Actor, purpose: str = "") -> AuditTool:
    """Begin a tool; its questions are added one by one."""
    access.require(by, permissions.RUN)
    if AuditTool.objects.filter(partnership_id=by.partnership_id, title=title).exists():
        raise Refused("There is a tool of this title. Copy its last version instead.", "title")
    tool = AuditTool.new(by, title=title, purpose=purpose).store()
    history.record(events.TOOL_MADE, on=tool.ref, by=by)
    return tool


@transaction.atomic
def add_standard_tool(*, by: Actor) -> AuditTool:
    """Begin with a tool that asks what most multi-agency audits ask, and with the usual scales."""
    tool = add_tool(
        title="Multi-agency audit",
        purpose="What most multi-agency audits ask. Copy it to make your own.",
        by=by,
    )
    known = {scale.title: scale for scale in queries.scales(by)}
    for title, points in STANDARD_SCALES:
        if title not in known:
            known[title] = add_scale(title=title, points=points, by=by)
    for section, text, answer, guidance in STANDARD_QUESTIONS:
        scale = known[STANDARD_SCALES[0][0]] if answer == rules.AnswerKind.JUDGEMENT else None
        add_question(tool=tool, values={
            "section": section, "text": text, "answer": answer, "guidance": guidance, "scale": scale,
        }, by=by)  # fmt: skip
    return tool


@transaction.atomic
def add_question(*, tool: AuditTool, values: Mapping[str, Any], by: Actor) -> ToolQuestion:
    """Add a question at the end of a version that is not in use."""
    access.require(by, permissions.RUN)
    version: AuditTool = AuditTool.objects.locked(tool.pk, by=by)
    rules.check_draft(version.status)
    _check_scale(values)
    last = (
        ToolQuestion.objects.filter(tool=version)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
    )
    given = {"position": (last or 0) + 1, **values}
    question = ToolQuestion.new(by, tool=version, key=new_id().hex, **given).store()
    history.record(events.QUESTION_SET, on=version.ref, by=by, details={"question": question.text})
    return question


@transaction.atomic
def change_question(
    *, question: ToolQuestion, values: Mapping[str, Any], by: Actor, expected_version: int
) -> ToolQuestion:
    """Change a question of a version that is not in use."""
    row = _of_a_draft(question, by, expected_version)
    _check_scale(values)
    row.amend(values)
    row.store()
    history.record(events.QUESTION_SET, on=row.tool.ref, by=by, details={"question": row.text})
    return row


@transaction.atomic
def drop_question(*, question: ToolQuestion, by: Actor, expected_version: int) -> ToolQuestion:
    """Take a question out of a version that is not in use."""
    row = _of_a_draft(question, by, expected_version)
    row.dropped = True
    row.store()
    history.record(events.QUESTION_DROPPED, on=row.tool.ref, by=by, details={"question": row.text})
    return row


def _of_a_draft(question: ToolQuestion, by: Actor, expected_version: int) -> ToolQuestion:
    access.require(by, permissions.RUN)
    row: ToolQuestion = ToolQuestion.objects.locked(question.pk, expected_version, by=by)
    rules.check_draft(row.tool.status)
    return row


def _check_scale(values: Mapping[str, Any]) -> None:
    judged = values.get("answer") in {rules.AnswerKind.SCALE, rules.AnswerKind.JUDGEMENT}
    if judged and values.get("scale") is None:
        raise Refused("Select the scale on which it is judged.", "scale")


@transaction.atomic
def copy_tool(*, tool: AuditTool, by: Actor) -> AuditTool:
    """Copy a version as the next one, to be changed; its questions keep their keys, so that answers compare."""
    access.require(by, permissions.RUN)
    every = AuditTool.objects.select_for_update().filter(partnership_id=by.partnership_id, title=tool.title)
    if draft := every.filter(status=rules.ToolStatus.DRAFT).first():
        raise Refused(f"Version {draft.edition} is a draft already. Change that one.")
    edition = max(version.edition for version in every) + 1
    made = AuditTool.new(
        by, title=tool.title, purpose=tool.purpose, edition=edition, copied_from=tool
    ).store()
    for question in queries.questions_of(tool):
        ToolQuestion.new(
            by, tool=made, key=question.key, section=question.section, position=question.position, text=question.text,
            guidance=question.guidance, answer=question.answer, scale=question.scale, needed=question.needed,
            sectors=question.sectors,
        ).store()  # fmt: skip
    history.record(events.TOOL_COPIED, on=tool.ref, by=by, details={"edition": str(edition)})
    return made


@transaction.atomic
def retire_tool(*, tool: AuditTool, by: Actor, expected_version: int) -> AuditTool:
    """Retire a version: audits under way go on with it, none is begun with it any more."""
    access.require(by, permissions.RUN)
    row: AuditTool = AuditTool.objects.locked(tool.pk, expected_version, by=by)
    if row.status == rules.ToolStatus.RETIRED:
        raise Refused("This version is retired already.")
    row.status = rules.ToolStatus.RETIRED
    row.store()
    history.record(events.TOOL_RETIRED, on=row.ref, by=by)
    return row
