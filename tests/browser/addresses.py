"""Every address of the site, its ids taken from the sample year."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from shield.project.routes import Route, routes
from tests.browser import chronicled, learnt
from tests.cast import TODAY

NOT_PAGES = {
    "plan_file",
    "survey_results_file", "you_said_poster", "survey_take",
    "picture", "gathering_pack", "retention_schedule_file", "subject_request_file", "minutes_file", "calendar_feed", "joint_paper",
    "file", "leads_file", "published_report", "published_file", "published_review", "published_review_file", "account_logout",
    "healthz", "account_signup", "openid_connect_login", "openid_connect_callback", "briefing_note_file", "contribution_download",
    "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
}  # fmt: skip
"""A download, what is not published yet, what only acts or answers a machine, and what asks for a second factor set up."""
VALUES = {
    "key": "meetings.board_held",
    "section": "2.3",
    "item": "impact",
    "box": "stuck",
    "kind": "notices.message",
    "retention_class": "account",
}


def opened() -> list[Route]:
    """The routes that a browser opens as a page."""
    return [r for r in routes() if "GET" in r.methods and r.name not in NOT_PAGES]


def prepare() -> None:
    """What the sample year has none of: a built report, a nomination, a number typed into a text."""
    from shield.annual_report import issue, services
    from shield.annual_report import queries as queries_of_report
    from shield.annual_report.models import EarlierIssue, Report
    from shield.domain.learning_hub import services as hub
    from shield.domain.learning_hub.models import Cycle, HubMember
    from shield.kernel.accounts import queries
    from shield.kernel.accounts.models import Agency, Partnership
    from shield.kernel.clocks import services as clocks
    from shield.kernel.clocks.models import Clock
    from shield.meetings import services as meetings
    from shield.meetings.models import Body, BodyMember
    from shield.project import indexing

    partnership = Partnership.objects.get(slug="bexley")
    by = queries.system_actor(partnership)
    report = Report.objects.get(partnership=partnership)
    services.perform_build(build_id=services.ask_for_build(report=report, by=by).pk, by=by)
    frozen = issue.freeze(queries_of_report.assemble(Report.objects.get(pk=report.pk), by), TODAY)
    EarlierIssue(
        partnership_id=by.partnership_id, report=report, number=1, frozen=frozen, digest="d", issued_on=TODAY,
        withdrawn_on=TODAY, withdrawn_why="A figure was wrong in chapter 4.",
    ).store()  # fmt: skip
    services.write(report=report, section="2.3", title="Working together", text="We met 12 times.", by=by)
    agency = Agency.objects.filter(partnership=partnership).first()
    if not HubMember.objects.filter(partnership=partnership).exists():
        hub.nominate(
            cycle=Cycle.objects.filter(partnership=partnership).first(), agency=agency, by=by, today=TODAY
        )
    _prepare_urgent(partnership, agency)
    clock = Clock.objects.filter(partnership=partnership, state="running").first()
    clocks.escalate(
        about=clock.ref, due_on=clock.due_on, reason="The draft waits for two agencies.", by=by, today=TODAY
    )
    meetings.name_lead(
        topic="missing", agency=agency, named="Jo Bell", post="Team manager", contact="01632 960000", starts_on=TODAY, by=by,
        today=TODAY,
    )  # fmt: skip
    _prepare_meetings(partnership, agency, by)
    if not BodyMember.objects.filter(partnership=partnership).exists():
        body = Body.objects.filter(partnership=partnership).first()
        meetings.add_member(body=body, role="member", agency=agency, by=by)
    _prepare_modules(partnership, by)
    indexing.rebuild([partnership])


def _prepare_modules(partnership: Any, by: Any) -> None:
    """What each module needs beside the sample year."""
    _prepare_issues(partnership, by)
    _prepare_audits(partnership, by)
    chronicled.prepare(partnership, by)
    _prepare_voice(partnership, by)
    _prepare_cases(partnership)
    _prepare_reviews(partnership)
    _prepare_people(by)
    _prepare_retention(partnership, by)


def _prepare_issues(partnership: Any, by: Any) -> None:
    """Emerging issues one by one: the sample year knows only how many there were."""
    from shield.domain.learning_hub import services as hub
    from shield.domain.learning_hub.models import Cycle

    cycle = Cycle.objects.get(partnership=partnership, variant="issues_to_fix")
    cycle = hub.correct_cycle(
        cycle=cycle, starts_on=cycle.starts_on, spans={}, issues_noted=None, issues_elsewhere=None, by=by,
        expected_version=cycle.version,
    )  # fmt: skip
    noted = [
        hub.note_issue(cycle=cycle, title=title, by=by, today=TODAY)
        for title in ("Chronologies", "Case summaries", "Housing", "Young carers")
    ]
    hub.regroup(issues=noted[:2], title="One record of events", by=by, today=TODAY)
    hub.send_elsewhere(
        issue=noted[2],
        why="Not about practice",
        outside="The council",
        by=by,
        today=TODAY,
        expected_version=1,
    )


def _prepare_audits(partnership: Any, by: Any) -> None:
    """An audit with the agencies and one before the panel, with a note: the sample year holds only closed ones."""
    from shield.domain.audits import rules, services
    from shield.domain.audits.models import AgencyPart
    from shield.kernel.accounts.models import Agency, Person
    from tests.cast import actor_of

    tool = services.add_standard_tool(by=by)
    owen = actor_of(Person.objects.select_related("user").get(name="Owen Tadesse"), partnership)
    care = Agency.objects.get(partnership=partnership, short_name="CSC")
    team = Agency.objects.get(partnership=partnership, short_name="Operational team")
    for title in ("Adolescents known to many", "Adolescents heard"):
        audit = services.plan_audit(title=title, sort="multi_agency", starts_on=TODAY, by=by)
        entries = [rules.Entry(f"LCS {n}", {"Age": "older" if n % 2 else "younger"}) for n in range(4)]
        audit = services.put_list(
            audit=audit, entries=entries, columns=["Age"], by=by, expected_version=audit.version
        )
        audit = services.choose(audit=audit, method="random", wanted=2, by=by, expected_version=audit.version)
        audit = services.begin_auditing(
            audit=audit, tool=tool, agencies=[care, team], due_on=TODAY, by=by, today=TODAY,
            expected_version=audit.version,
        )  # fmt: skip
    services.copy_tool(tool=tool, by=by)
    for part in AgencyPart.objects.filter(record__audit=audit).select_related(
        "agency", "record__audit__tool"
    ):
        if part.agency_id != care.pk:
            services.excuse_part(
                part=part, reason="It never met the child", by=by, expected_version=part.version
            )
            continue
        answers = {
            q.key: rules.Answer(q.asked.points[0].code if q.asked.points else "", "Seen on two visits")
            for q in tool.questions.select_related("scale")
        }
        part = services.save_part(
            part=part, answers=answers, submit=True, by=owen, today=TODAY, expected_version=part.version
        )
        services.accept_part(part=part, nobody_named=True, by=by, expected_version=part.version)
    audit.refresh_from_db()
    audit = services.begin_moderation(audit=audit, by=by, today=TODAY, expected_version=audit.version)
    services.hold_discussion(
        audit=audit, held_on=TODAY, practitioners=9, points="Time is short", by=by, today=TODAY
    )
    VALUES["theme"] = learnt.prepare(audit, by)


def _prepare_cases(partnership: Any) -> None:
    """An incident to screen, one to notify, a case in its rapid review with a name in doubt, and a conflict of interest."""
    from datetime import UTC, datetime

    from shield.domain.reviews import rules, services
    from shield.domain.reviews.models import Case
    from shield.kernel.accounts import services as accounts
    from shield.kernel.accounts.models import Agency, Person
    from tests.cast import actor_of

    person = Person.objects.select_related("user").get(name="Marian Okoro")
    now = datetime(2019, 11, 4, 12, tzinfo=UTC)
    answers = {"abuse": "yes", "died": "no", "harmed": "yes", "here": "yes", "looked_after": "no"}
    for name in ("Ellis Moorhen", "Toby Lapwing"):
        case = services.refer(
            what="A child was found hurt", aware_at=now, children=[rules.Child((name,))], by=actor_of(person, partnership),
            today=TODAY, now=now,
        )  # fmt: skip
    marian = actor_of(person, partnership)
    services.screen(
        case=case, answers=answers, outcome="notify", reasons="The harm is serious", by=marian, today=TODAY
    )
    invented = Case.objects.get(partnership=partnership, pseudonym="Invented case")
    team = Agency.objects.get(partnership=partnership, short_name="Operational team")
    services.ask(case=invented, agencies=[team], whom="The child", due_on=TODAY, by=marian, today=TODAY)
    services.file_letter(
        case=invented, direction="in", about="other", party="Ofsted", dated=TODAY, by=marian, today=TODAY
    )
    services.add_output(case=invented, sort="briefing", due_on=TODAY, by=marian, today=TODAY)
    accounts.declare_conflict(
        team=invented.team,
        person=Person.objects.get(name="Grace Mbeki"),
        reason="She knows the family",
        by=marian,
        today=TODAY,
        now=now,
    )
    invented.refresh_from_db()
    invented.incident = "A child called Kaydn was found alone"
    invented.store()
    VALUES["about"] = invented.ref.as_text()


def _prepare_voice(partnership: Any, by: Any) -> None:
    """A survey that is open and one in draft, a quotation that waits for consent, a member of the Learning Circle."""
    from shield.domain.voice import services
    from shield.domain.voice.models import Activity
    from shield.meetings.models import Body

    for name in ("Help for parents", "Help for carers"):
        survey = services.draft_survey(title=name, intro="We want to do better.", group="parents", by=by)
        services.add_question(survey=survey, sort="scale", text="How well were you helped?", by=by)
        services.add_question(survey=survey, sort="text", text="What should change?", by=by)
    VALUES["survey"] = services.open_survey(
        survey=survey, opens_on=TODAY, closes_on=TODAY, by=by, today=TODAY
    ).token
    services.record_quotation(
        activity=Activity.objects.filter(partnership=partnership).first(), words="Ask us", by=by
    )
    circle = Body.objects.get(partnership=partnership, name__startswith="Children and Family Learning Circle")
    services.join_circle(body=circle, chosen_name="Kit", joined_on=TODAY, by=by, today=TODAY)


def _prepare_reviews(partnership: Any) -> None:
    """The practice review of a case of the year, and whom it heard: the published table does not tell of either."""
    from shield.domain.reviews import rules, services
    from shield.domain.reviews.models import Case
    from shield.improvement.services import Upload
    from shield.kernel.accounts.models import Person
    from tests.cast import actor_of

    theo = actor_of(Person.objects.select_related("user").get(name="Theo Lindqvist"), partnership)
    case = Case.objects.filter(partnership=partnership, route__in=sorted(rules.REVIEWS)).first()
    review = services.commission(
        case=case, reviewer="Sam Reviewer (invented)", independence="Has never worked here.", no_conflict_with="All agencies",
        terms="(Invented.) What was the child's life like?", commissioned_on=TODAY, by=theo, today=TODAY,
    )  # fmt: skip
    services.hear(
        review=review,
        who="family",
        held_on=TODAY,
        how="At home",
        said="(Invented.) Ask us.",
        by=theo,
        today=TODAY,
    )
    services.file_draft(
        review=review, file=Upload("draft.txt", b"(Invented.) A draft."), by=theo, today=TODAY
    )
    services.plan_publication(review=review, publish_on=TODAY, by=theo)
    services.decide_sharing(
        case=case, with_whom="Marlowe Vale", what="(Invented.) The themes", choice="shared", basis="no_names",
        reasons="The family moved there.", decided_on=TODAY, by=theo, today=TODAY,
    )  # fmt: skip


def _prepare_retention(partnership: Any, by: Any) -> None:
    """Old messages that are due, a hold, a proposed disposal, and a request that waits for its second look."""
    from datetime import UTC, datetime

    from shield.kernel.accounts.models import Person
    from shield.kernel.calendar.queries import now
    from shield.kernel.notices.models import Message
    from shield.kernel.retention import services
    from tests.cast import actor_of

    marian = actor_of(Person.objects.select_related("user").get(name="Marian Okoro"), partnership)
    for year in (2010, 2011):
        for day in range(1, 4):
            Message.objects.create(
                partnership_id=partnership.pk, template="report_ready", address="lead@example.invalid",
                subject="A report has been built", body="Ready.", status="sent", queued_at=datetime(year, 1, day, tzinfo=UTC),
            )  # fmt: skip
    services.place_hold(
        about=partnership.ref,
        wide=False,
        reason="An inquiry asked for it",
        asked_by="Legal services",
        by=marian,
        today=TODAY,
    )
    services.propose_disposal(
        kind="notices.message", year=2010, reason="Nobody needs them", by=marian, today=TODAY
    )
    for name, finish in (("Rosa Whitlock", False), ("Theo Lindqvist", True)):
        asked = services.open_request(
            person=Person.objects.get(name=name), received_on=TODAY, by=marian, today=TODAY
        )
        services.gather(request_id=asked.pk, by=by, now=now())
        for item in asked.items.filter(decision="open") if finish else ():
            choices = {party.pk: ("redact", "Somebody else") for party in item.third_parties.all()}
            services.review_item(item=item, decision="disclose", choices=choices, by=marian)
        if finish:
            services.finish_review(request=asked, by=marian)


def _prepare_people(by: Any) -> None:
    from datetime import date

    from django.utils import timezone

    from shield.kernel.accounts import services
    from shield.kernel.accounts.models import Invitation, Leaving, Person

    if not Invitation.objects.exists():
        services.invite(
            email="new@example.invalid", agency=None, post="", roles=["scrutineer"], by=by, today=TODAY, now=timezone.now(),
            site="http://127.0.0.1/",
        )  # fmt: skip
    prepare_emails()
    if not Leaving.objects.exists():
        services.leave(
            person=Person.objects.get(name="Grace Mbeki"), last_day=date(2019, 12, 20), hand_over_to=None, reason="New post",
            by=by, today=TODAY, now=timezone.now(),
        )  # fmt: skip


def _prepare_urgent(partnership: Any, agency: Any) -> None:
    """Somebody opened a paper that is for the three partners only; nobody has reviewed it."""
    from datetime import timedelta

    from django.utils import timezone

    from shield.kernel.accounts.models import Person, UrgentOpening

    UrgentOpening(
        partnership_id=partnership.pk, reference="URG-0001", person=Person.objects.get(name="Rosa Whitlock"),
        about_kind="meetings.paper", about_id=agency.pk, about_reference="PAP-0099", reason="A child may be at risk tonight.",
        opened_at=timezone.now(), closes_at=timezone.now() + timedelta(hours=4),
    ).store()  # fmt: skip


def prepare_emails() -> None:
    """One e-mail that was given up, and one that waits because the mail server does not answer."""
    from shield.kernel.accounts.models import Partnership, Person
    from shield.kernel.accounts.queries import system_actor
    from shield.kernel.calendar.queries import now
    from shield.kernel.notices import queries, rules, services
    from shield.kernel.notices.models import Message, WayOut

    by = system_actor(Partnership.objects.get(slug="bexley"))
    fields = {"reference": "ACT-0001", "due": "1 May 2019", "link": "-", "list": "-", "partnership": "Bexley"}
    for name, state in (("Owen Tadesse", rules.State.FAILED), ("Rosa Whitlock", rules.State.WAITING)):
        person = Person.objects.select_related("user").get(name=name)
        message = services.queue(
            template=rules.ACTION_WAITS, address=person.user.email, person_id=person.pk, fields=fields, by=by
        )
        Message.objects.filter(pk=message.pk).update(status=state, problem=rules.SILENT)
    WayOut.objects.update_or_create(
        name=queries.MAIL, defaults={"failures": 3, "shut_since": now(), "problem": rules.SILENT}
    )


def _prepare_meetings(partnership: Any, agency: Any, by: Any) -> None:
    """A forward plan, a paper, a note, minutes and a correction: the sample year holds none of them."""
    from shield.kernel.calendar.queries import now
    from shield.meetings import services
    from shield.meetings.models import Gathering

    held = Gathering.objects.filter(partnership=partnership, status="held", body__isnull=False)
    gathering = held.order_by("-held_on").first()
    services.plan_forward(body=gathering.body, text="Budget for the year", month=TODAY, by=by)
    services.ask_for_paper(gathering=gathering, title="Budget", agency=agency, by=by)
    services.take_line(
        gathering=gathering, taken=services.Taken("The Board asked for more."), by=by, now=now(), today=TODAY
    )
    minutes = services.write_minutes(gathering=gathering, text="## Present\n\n- All", by=by, now=now())
    services.circulate_minutes(minutes=minutes, by=by, today=TODAY)
    services.ask_for_correction(minutes=minutes, text="We met at ten.", by=by)
    _prepare_joint(partnership)


def _prepare_joint(partnership: Any) -> None:
    """Two bodies of the neighbour: in one Bexley takes part, in the other it is asked to."""
    from shield.kernel.accounts import queries
    from shield.kernel.accounts.models import Partnership
    from shield.meetings import services

    host = queries.system_actor(Partnership.objects.get(slug="marlowe"))
    guest = queries.system_actor(partnership)
    for name in ("Forum on the railway line", "Panel on the river"):
        body = services.add_body(name=name, sort="joint", purpose="Children who cross the boundary", by=host)
        part = services.ask_to_take_part(
            body=body, participant=partnership, shares_from=date(2019, 1, 1), by=host, today=TODAY
        )
        if name.startswith("Forum"):
            services.answer_part(part=part, takes_part=True, answer="Gladly.", by=guest, today=TODAY)
            held = services.record_gathering(
                title="Forum, October", sort="forum", held_on=date(2019, 10, 1), body=body, by=host, today=TODAY,
                business=[services.Item("The railway line")],
            )  # fmt: skip
            VALUES["meeting"] = held.reference


def address(route: Route, slug: str = "bexley") -> str:
    """Where a route lies in the sample year."""
    if route.name == "account_reset_password_from_key":
        return "/account/password/reset/1-expired"  # a link that has been used already

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "partnership":
            return slug
        return str(_specimen(route).pk) if name == "id" else VALUES.get(name, "none")

    asked = {
        "confirm_number": "?n=12%7CWe%20met%2012%20times.",
        "settle": _disagreement,
        "search": "?q=practice",
        **dict.fromkeys(("identities", "identity_add", "names_decide"), f"?about={VALUES.get('about')}"),
        "chronology_open": _about_a_team,
        "briefing_note_write": learnt.about_an_audit,
        "chronology_timeline": "?at=2018",
    }.get(route.name, "")
    return re.sub(r"<\w+:(\w+)>", fill, route.path) + (asked() if callable(asked) else asked)


def _specimen(route: Route) -> Any:
    """A record to open; the one that can be acted on, where the act asks for it."""
    from shield.kernel.accounts.models import Partnership, Person
    from tests.cast import actor_of

    assert route.declared is not None
    marian = Person.objects.select_related("user").get(name="Marian Okoro")
    reader = actor_of(marian, Partnership.objects.get(slug="bexley"))
    rows = route.declared.record.objects.visible_to(reader).order_by("pk")
    found = rows.filter(**WANTED.get(route.name, {})).first()
    assert found is not None, f"The sample year has no record for {route.path}."
    return found


WANTED: dict[str, dict[str, Any]] = {
    "emerging_issues": {"variant": "issues_to_fix"},
    "issue_put_back": {"status": "elsewhere"},
    **{f"issue_{act}": {"status": "open"} for act in ("change", "split", "elsewhere", "take_up")},
    "said_answer": {"state": "open"},
    "said_decline": {"state": "open"},
    "said_reopen": {"state": "answered"},
    "said_publish": {"state": "answered"},
    "said_came": {"state": "answered"},
    "point_finding": {"state": "open"},
    "case": {"pseudonym": "Invented case"},
    **{
        f"case_{act}": {"pseudonym": "Invented case"}
        for act in ("ask", "meeting", "summary", "send", "share", "history", "sign")
    },
    "case_details": {"pseudonym": "Invented case"},
    "case_notify": {"stage": "referred", "referral__outcome": "notify"},
    "case_screen": {"stage": "referred", "referral__outcome": ""},
    "case_unshare": {"pseudonym": "Child O"},
    "return_accept": {"status": "handed_in"},
    "return_send_back": {"status": "handed_in"},
    "return_withdraw": {"status": "asked"},
    "return_write": {"status": "asked", "agency__short_name": "Operational team"},
    "case_return": {"status": "handed_in"},
    "step_mark": {"done_on__isnull": True},
    "team": {"title": "Team of CAS-0011"},
    **{f"team_{act}": {"title": "Team of CAS-0011"} for act in ("join", "lead", "conflict", "conflict_of")},
    "survey": {"status": "open"},
    "survey_close": {"status": "open"},
    "survey_open": {"status": "draft"},
    "survey_change": {"status": "draft"},
    "survey_preview": {"status": "draft"},
    "question_add": {"status": "draft"},
    "question_leave_out": {"survey__status": "draft"},
    "email": {"status": "failed"},
    "audit": {"status": "discussed"},
    "audit_frame": {"status": "discussed"},
    "audit_choose": {"status": "auditing"},
    "audited_record": {"audit__status": "discussed", "chosen": True},
    "audited_record_agree": {"audit__status": "discussed", "chosen": True},
    "audit_part": {"status": "accepted"},
    "audit_part_answer": {"status": "asked", "agency__short_name": "Operational team"},
    **learnt.WANTED,
    "audit_question_change": {"tool__status": "draft", "dropped": False},
    **{
        name: {"agency__short_name": chronicled.OPERATIONAL, "status": "asked"}
        for name in (
            "contribution",
            "contribution_upload",
            "contribution_paste",
            "contribution_enter",
            "contribution_hand_in",
            "contribution_nothing",
        )
    },
    **{
        name: {"contribution__agency__short_name": chronicled.OPERATIONAL, "contribution__status": "asked"}
        for name in ("chronology_entry_correct", "chronology_entry_out")
    },
    **{
        name: {"title": "Child K"}
        for name in (
            "chronology",
            "chronology_merged",
            "chronology_beside",
            "chronology_timeline",
            "chronology_same",
            "chronology_conflicts",
            "chronology_gaps",
            "chronology_export",
        )
    },
    "contribution_accept": {"status": "handed_in"},
    "contribution_return": {"status": "handed_in"},
    **{
        name: {"status": "waiting"}
        for name in ("upload", "upload_columns", "upload_dates", "upload_take", "upload_drop")
    },
    "upload_stop": {"status": "taking"},
    "upload_back": {"status": "taken"},
    **{
        name: {"standing": "merged", "significance": "missed"}
        for name in (
            "chronology_entry",
            "chronology_entry_mark",
            "chronology_entry_note",
            "chronology_entry_compare",
        )
    },
    "chronology_comparison_undo": {"state": "same"},
    "email_again": {"status": "failed"},
    "gathering_attendance": {"status": "held"},
    "gathering": {"status": "held"},
    "gathering_decide": {"status": "held", "body__isnull": False},
    "impact_review_hold": {"held_on__isnull": True},
    "gathering_live": {"status": "held", "lines__isnull": False},
    "gathering_prepare": {"status": "planned", "body__isnull": False},
    "pack_send": {"status": "planned", "body__isnull": False},
    "subject_request_look": {"status": "look"},
    "minutes_write": {"status": "held", "lines__isnull": False},
    "joint_part": {"status": "taking_part"},
    "joint_meeting": {"status": "taking_part"},
    "joint_seats": {"status": "taking_part"},
    "joint_answer": {"status": "asked"},
    "joint_end": {"status": "taking_part"},
}


def _about_a_team() -> str:
    from shield.kernel.accounts.models import Team

    return f"?about={Team.objects.get(title='Review of Child K').ref.as_text()}"


def _disagreement() -> str:
    from shield.annual_report import queries
    from shield.annual_report.models import Report
    from shield.kernel.accounts.queries import system_actor

    report = Report.objects.select_related("year", "partnership").get(partnership__slug="bexley")
    found = queries.assemble(report, system_actor(report.partnership)).discrepancies[0]
    return f"?about={found.key}"
