"""An audit on its way, made through the services."""

from datetime import date

from shield.domain.audits import rules, services
from shield.domain.audits.models import AgencyPart
from tests.cast import TODAY

BEGAN = date(2019, 10, 1)


def audit(by, title="Children missing from home", references=("LCS 1", "LCS 2", "LCS 3"), **more):
    """Planned, with its list on it if there is any."""
    given = {"sort": "multi_agency", "starts_on": BEGAN, **more}
    made = services.plan_audit(title=title, by=by, **given)
    if not references:
        return made
    entries = [rules.Entry(each) for each in references]
    return services.put_list(audit=made, entries=entries, by=by, expected_version=made.version)


def chosen(by, numbers=(1,), **more):
    """With records chosen by the panel."""
    made = audit(by, **more)
    return services.choose(
        audit=made,
        method="panel",
        numbers=numbers,
        how="They show what it is like",
        by=by,
        expected_version=made.version,
    )


def tool(by):
    """Two questions: one judged with analysis, one answered by yes or no."""
    made = services.add_tool(title="Missing", by=by)
    scale = services.add_scale(
        title="Grades", points=[("Good", "good"), ("Fair", "attention"), ("Poor", "late")], by=by
    )
    for text, answer, on in (
        ("Was the child heard?", "judgement", scale),
        ("Did you share?", "yes_no", None),
    ):
        services.add_question(
            tool=made, values={"section": "The child", "text": text, "answer": answer, "scale": on}, by=by
        )
    return made


def begun(by, agencies, with_tool=None, **more):
    """With the agencies."""
    made = chosen(by, **more)
    return services.begin_auditing(
        audit=made,
        tool=with_tool or tool(by),
        agencies=agencies,
        due_on=date(2019, 11, 15),
        by=by,
        today=TODAY,
        expected_version=made.version,
    )


def part(audit, agency):
    return AgencyPart.objects.select_related("record__audit", "agency").get(
        record__audit=audit, agency=agency
    )


def answers(of, judgement="Good", words="Three visits show it", shared="yes"):
    heard, share = of.audit.tool.questions.order_by("position")
    return {heard.key: rules.Answer(judgement, words), share.key: rules.Answer(shared)}


def submit(of, by, today, **more):
    row = AgencyPart.objects.get(pk=of.pk)
    return services.save_part(
        part=row, answers=answers(row, **more), by=by, today=today, submit=True, expected_version=row.version
    )


def accept(of, by):
    row = AgencyPart.objects.get(pk=of.pk)
    return services.accept_part(part=row, nobody_named=True, by=by, expected_version=row.version)


def before_the_panel(by, given, today):
    """Before the panel: `given` maps an agency to (its actor, its judgement)."""
    made = begun(by, list(given))
    for agency, (actor, judgement) in given.items():
        submit(part(made, agency), actor, today, judgement=judgement)
        accept(part(made, agency), by)
    made.refresh_from_db()
    return services.begin_moderation(audit=made, by=by, today=today, expected_version=made.version)
