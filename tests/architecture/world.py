"""One record of every kind in Testbury, made through the services; what the walk over all routes opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from shield.domain.audits.rules import Entry
from tests.cast import SINCE, TODAY, Cast, actor_of, make_person, system

DAY = date(2019, 1, 28)

NOW = datetime(2019, 11, 4, 10, 0, tzinfo=UTC)


@dataclass
class World:
    """Specimens by kind, and the values of the other parts of an address."""

    specimens: dict[str, Any] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def put(self, record: Any) -> Any:
        """Keep a record as the specimen of its kind."""
        self.specimens[record.kind] = record
        return record


def build(cast: Cast) -> World:
    """Everything a route may ask for; what the school is asked to do is the school's."""
    world = World()
    by = system(cast.testbury)
    world.put(cast.testbury)
    world.put(cast.agencies["school"])
    _chain(world, cast, by)
    _meetings(world, cast, by)
    _hub(world, cast, by)
    _audits(world, cast, by)
    _chronologies(world, cast, by)
    _voice(world, by)
    _report(world, by)
    _cases(world, cast)
    holder = make_person(
        "practitioner", partnership=cast.testbury, agency=cast.agencies["charity"], name="Ada Holder"
    )
    world.specimens["accounts.person"] = holder
    world.specimens["accounts.role_grant"] = holder.roles.get()
    world.specimens["accounts.agency_membership"] = holder.memberships.get()
    _people(world, cast, by)
    _urgent(world, cast, holder, by)
    _retention(world, cast)
    return world


def _retention(world: World, cast: Cast) -> None:
    from shield.kernel.notices.models import Message
    from shield.kernel.retention import services
    from shield.kernel.retention.models import SubjectItem

    manager = actor_of(make_person("business_manager", partnership=cast.testbury), cast.testbury)
    world.put(
        services.place_hold(
            about=cast.agencies["police"].ref,
            wide=True,
            reason="A claim of 2019",
            asked_by="Legal",
            by=manager,
            today=TODAY,
        )
    )
    Message.objects.create(
        partnership_id=cast.testbury.pk, template="report_ready", address="a@example.invalid", subject="A report", body="Ready.",
        status="sent", queued_at=datetime(2010, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    kind = world.values["kind"] = "notices.message"
    world.put(services.propose_disposal(kind=kind, reason="They are old", by=manager, today=TODAY))
    asked = world.put(
        services.open_request(
            person=world.specimens["accounts.person"], received_on=TODAY, by=manager, today=TODAY
        )
    )
    services.gather(request_id=asked.pk, by=system(cast.testbury), now=NOW)
    world.specimens[SubjectItem.kind] = asked.items.first()
    world.values |= {"retention_class": "account", "form": "zip"}


def _cases(world: World, cast: Cast) -> None:
    """An incident in its rapid review, known to its team alone; the school was asked what it knows."""
    from shield.domain.reviews import rules, services

    manager, other, third = (
        make_person("learning_manager", partnership=cast.testbury, name=name)
        for name in ("Vera", "Uma", "Tess")
    )
    by = actor_of(manager, cast.testbury)
    case = services.refer(
        what="A child was hurt", aware_at=NOW, children=[rules.Child(("Jordan Tarrant",), date(2015, 3, 7))], by=by,
        today=TODAY, now=NOW,
    )  # fmt: skip
    by = actor_of(manager, cast.testbury)
    answers = {"abuse": "yes", "died": "no", "harmed": "yes", "here": "yes", "looked_after": "no"}
    services.screen(
        case=case, answers=answers, outcome="notify", reasons="All criteria are met.", by=by, today=TODAY
    )
    services.notify(
        case=case,
        on=TODAY,
        agencies=[cast.agencies["school"]],
        whom="Jordan Tarrant",
        answers_due_on=TODAY,
        by=by,
        today=TODAY,
    )
    _filed(world, cast, case, by, (other, third))


def _filed(world: World, cast: Cast, case: Any, by: Any, people: tuple[Any, Any]) -> None:
    """What lies in the file of that case, and who is in its team and who may not be."""
    from shield.domain.reviews import rules, services
    from shield.domain.reviews.models import AgencyReturn, Step
    from shield.kernel.accounts import services as accounts
    from shield.kernel.accounts.models import TeamMembership
    from shield.kernel.identities.models import Decided, Identity
    from shield.kernel.identities.services import decide

    other, third = people
    services.set_plan(steps=rules.PLAN, by=by)
    decide(about=case.ref, team=case.team, words={"jordon": ""}, by=by)
    world.put(
        services.file_letter(
            case=case, direction="in", about="other", party="Ofsted", dated=TODAY, by=by, today=TODAY
        )
    )
    world.put(services.add_output(case=case, sort="briefing", due_on=TODAY, by=by, today=TODAY))
    _review(world, cast, case, by)
    world.put(
        accounts.declare_conflict(
            team=case.team, person=third, reason="A cousin of the mother.", by=by, today=TODAY, now=NOW
        )
    )
    case.refresh_from_db()
    for record in (
        case, case.team, AgencyReturn.objects.get(case=case), Step.objects.filter(case=case).first(), Identity.objects.get(),
        TeamMembership.objects.get(person=other), Decided.objects.get(),
    ):  # fmt: skip
        world.put(record)


def _review(world: World, cast: Cast, case: Any, by: Any) -> None:
    """Its practice review, under way; nothing of it is public."""
    from shield.domain.reviews import services

    services.decide_route(
        case=case,
        route="practice_review",
        reasons="There is much to learn.",
        decided_on=TODAY,
        by=by,
        today=TODAY,
    )
    case.refresh_from_db()
    review = world.put(
        services.commission(
            case=case, reviewer="Sam Reviewer", independence="Never worked in this area.", no_conflict_with="All agencies",
            terms="What Jordan lived", commissioned_on=TODAY, by=by, today=TODAY,
        )
    )  # fmt: skip
    heard = services.hear(
        review=review,
        who="family",
        held_on=TODAY,
        how="At home",
        said="Nobody asked Jordan.",
        by=by,
        today=TODAY,
    )
    world.put(heard)
    services.plan_publication(review=review, publish_on=TODAY, by=by)
    world.values["review"] = review.reference


def _people(world: World, cast: Cast, by: Any) -> None:
    from django.utils import timezone

    from shield.kernel.accounts import services

    world.put(
        services.invite(
            email="new@example.invalid", agency=cast.agencies["charity"], post="", roles=["practitioner"], by=by, today=TODAY,
            now=timezone.now(), site="http://testserver/",
        )
    )  # fmt: skip
    _email(world, by)
    goes = make_person("practitioner", partnership=cast.testbury, name="Lea Leaver")
    world.put(
        services.leave(
            person=goes, last_day=date(2019, 12, 20), hand_over_to=None, reason="New post", by=by, today=TODAY, now=timezone.now()
        )
    )  # fmt: skip


def _urgent(world: World, cast: Cast, person: Any, by: Any) -> None:
    """Somebody who takes no other part opened a paper that is for the three partners only."""
    from datetime import timedelta

    from django.utils import timezone

    from shield.kernel.accounts.models import UrgentOpening

    paper = world.specimens["meetings.paper"]
    world.put(
        UrgentOpening(
            partnership_id=by.partnership_id, reference="URG-1", person=person, about_kind=paper.kind, about_id=paper.pk,
            about_reference=paper.reference, reason="A child may be at risk tonight.", opened_at=timezone.now(),
            closes_at=timezone.now() + timedelta(hours=4),
        ).store()
    )  # fmt: skip


def _email(world: World, by: Any) -> None:
    """An e-mail that was given up."""
    from shield.kernel.notices import rules, services

    fields = {
        "reference": "ACT-0001",
        "due": "1 May 2019",
        "link": "-",
        "list": "-",
        "partnership": "Testbury",
    }
    holder = world.specimens["accounts.person"]
    message = services.queue(
        template=rules.ACTION_WAITS, address=holder.user.email, person_id=holder.pk, fields=fields, by=by
    )
    assert message is not None
    message.status, message.problem = rules.State.FAILED, rules.SILENT
    message.save()
    world.put(message)


def _chain(world: World, cast: Cast, by: Any) -> None:
    from shield.improvement import services
    from shield.kernel.files import services as files

    school = services.Owner(agency=cast.agencies["school"])
    priority = world.put(
        services.add_priority(title="Safe at school", number=1, by=by, leads=[cast.agencies["police"]])
    )
    world.put(services.add_measure(title="Children say they feel safe", priority=priority, by=by))
    theme = world.put(services.add_theme(title="Listening", priority=priority, by=by))
    finding = world.put(
        services.add_finding(text="Children are heard", sort="working_well", evidence_from="data", priority=priority, themes=[theme], by=by)
    )  # fmt: skip
    recommendation = world.put(
        services.add_recommendation(
            title="Listen sooner", number=1, priority=priority, findings=[finding], by=by, status="presented"
        )
    )
    part = world.put(
        services.add_part(recommendation=recommendation, text="Ask each child", owner=school, by=by)
    )
    action = world.put(
        services.add_action(
            text="Ask each child in May", part=part, owner=school, due_on=date(2019, 5, 1), by=by
        )
    )
    world.put(
        services.add_evidence(
            about=action.ref, sort="feedback", text="Forty children were asked", found_on=SINCE, answers="how_much", by=by, today=TODAY
        )
    )  # fmt: skip
    world.put(services.note_progress(about=action.ref, text="Under way", noted_on=SINCE, by=by))
    world.put(services.plan_reviews(priority=priority, decided_on=DAY, by=by)[0])
    world.put(files.attach(about=action.ref, name="note.txt", content=b"A plain note.", by=by))


def _meetings(world: World, cast: Cast, by: Any) -> None:
    from shield.meetings import services

    body = world.put(services.add_body(name="Partnership Board", sort="board", by=by))
    world.put(services.agree_terms(body=body, summary="Decides", by=by))
    world.put(services.add_member(body=body, role="member", agency=cast.agencies["school"], by=by))
    world.put(
        services.ask_to_take_part(body=body, participant=cast.otherton, shares_from=SINCE, by=by, today=TODAY)
    )
    world.put(services.note_body_change(body=body, sort="established", by=by, text="Set up"))
    gathering = world.put(
        services.record_gathering(
            title="Board, 28 January 2019", sort="board_meeting", held_on=DAY, body=body, by=by, today=TODAY,
            business=[services.Item("Listening")],
        )
    )  # fmt: skip
    world.put(gathering.items.get())
    resolution = world.put(
        services.take_decision(
            body=body, gathering=gathering, text="Agree to listen sooner", outcome="agreed", by=by, today=TODAY,
            recommendations=[world.specimens["improvement.recommendation"]],
        )
    )  # fmt: skip
    world.put(resolution.decision)
    world.put(
        services.name_lead(
            topic="missing",
            agency=cast.agencies["school"],
            named="Jo Bell",
            starts_on=SINCE,
            by=by,
            today=TODAY,
        )
    )
    world.put(services.plan_forward(body=body, text="Budget", month=DAY, by=by))
    paper = world.put(
        services.ask_for_paper(gathering=gathering, title="Budget", agency=cast.agencies["school"], by=by)
    )
    world.values |= {"meeting": gathering.reference, "paper": paper.reference}
    taken = services.Taken("The school reported", item=world.specimens["meetings.agenda_item"])
    world.put(services.take_line(gathering=gathering, taken=taken, by=by, now=NOW, today=TODAY))
    minutes = services.write_minutes(gathering=gathering, text="We met.", by=by, now=NOW)
    world.put(services.circulate_minutes(minutes=minutes, by=by, today=TODAY))
    world.put(services.ask_for_correction(minutes=minutes, text="We met at ten.", by=by))


def _hub(world: World, cast: Cast, by: Any) -> None:
    from shield.domain.learning_hub import services

    priority = world.specimens["improvement.priority"]
    cycle = world.put(services.start_cycle(priority=priority, starts_on=SINCE, by=by))
    world.put(cycle.stages.first())
    world.put(
        services.add_plan_item(
            cycle=cycle, sort="data", source="Police data", says="More in term time.", by=by, today=TODAY
        )
    )
    world.put(services.plan_activity(cycle=cycle, sort="audit", what="Four cases", happens_on=SINCE, by=by))
    world.put(services.note_issue(cycle=cycle, title="Chronologies differ", by=by, today=TODAY))
    world.put(services.nominate(cycle=cycle, agency=world.specimens["accounts.agency"], by=by, today=TODAY))
    world.put(
        services.plan_step(
            priority=priority,
            activity="Tell the champions",
            happens_on=date(2019, 2, 14),
            by=by,
            agency=cast.agencies["school"],
        )
    )


def _audits(world: World, cast: Cast, by: Any) -> None:
    """One audit with the agencies, one before the panel with a note; the specimens of records and parts are the school's."""
    from shield.domain.audits import services
    from shield.domain.audits.models import AuditedRecord

    tool = world.put(services.add_standard_tool(by=by))
    world.put(tool.questions.first())
    world.put(tool.questions.exclude(scale=None).first().scale)
    audit = world.put(
        services.plan_audit(
            title="Heard at school",
            sort="multi_agency",
            starts_on=SINCE,
            priority=world.specimens["improvement.priority"],
            by=by,
        )
    )
    audit = services.put_list(audit=audit, entries=[Entry("LCS 17")], by=by, expected_version=audit.version)
    audit = services.choose(audit=audit, method="all", by=by, expected_version=audit.version)
    audit = services.begin_auditing(
        audit=audit, tool=tool, agencies=[cast.agencies["school"]], by=by, today=TODAY,
        expected_version=audit.version,
    )  # fmt: skip
    record = world.put(AuditedRecord.objects.get(audit=audit))
    world.put(record.parts.get())
    done = services.record_audit(
        title="Heard before", sort="multi_agency", starts_on=SINCE, considered=4, by=by, today=TODAY
    )
    world.put(services.hold_discussion(audit=done, held_on=DAY, practitioners=17, by=by, today=TODAY))
    _lessons(world, done, by)


TEAM = "Team that the walk is in"


def _lessons(world: World, audit: Any, by: Any) -> None:
    """A draft of a note, one that was issued with what changed after it, an example that nobody has read yet."""
    from shield.domain.audits import services as audits
    from shield.domain.lessons import services

    words = {"title": "Heard", "looked_at": "Four records"}
    world.put(services.write_note(about=audit.ref, values=words, by=by))
    other = audits.record_audit(
        title="Heard again", sort="multi_agency", starts_on=SINCE, considered=4, by=by, today=TODAY
    )
    theme = world.specimens["improvement.theme"]
    note = services.write_note(about=other.ref, values=words, themes=[theme], by=by)
    note = services.issue_note(
        note=note, nobody_named=True, by=by, today=TODAY, expected_version=note.version
    )
    world.put(
        services.tell_change(note=note, changed=True, text="Children are asked now.", by=by, today=TODAY)
    )
    world.put(
        services.bring_practice(
            values={"title": "At night", "done": "They rang back", "why": "It was planned"}, seen_on=DAY, by=by, today=TODAY
        )
    )  # fmt: skip
    world.values["theme"] = theme.reference


def _chronologies(world: World, cast: Cast, by: Any) -> None:
    """One that was handed in and read, and one of which the school's table waits; parts and entries are the school's."""
    from shield.domain.chronologies import services
    from shield.domain.chronologies.models import ColumnChoice, Comparison, Contribution, Entry, Mark
    from shield.domain.chronologies.rules.mapping import Mapped
    from shield.kernel.accounts.models import Team

    team = Team(partnership=cast.testbury, title=TEAM, purpose="Reads a chronology").store()
    school = cast.agencies["school"]
    events = ("Neighbours heard shouting and glass", "Heard shouting and glass by neighbours")
    rows = "\n".join(["Date,Event,Source", *(f"22/05/2016,{event},Notes" for event in events)]).encode()
    for title in ("Child Q", "Child R"):
        made = services.open_chronology(about=team.ref, title=title, by=by)
        services.ask_agencies(chronology=made, agencies=[school], by=by, today=TODAY)
        part = Contribution.objects.get(chronology=made)
        upload = services.upload_table(contribution=part, content=rows, by=by, today=TODAY)
        mapped = Mapped(("date", "event", "source"), 1)
        upload = services.map_columns(
            upload=upload, mapped=mapped, by=by, today=TODAY, expected_version=upload.version
        )
        if title == "Child R":
            world.put(upload)
            break
        services.take_in(upload=upload, by=by, today=TODAY, expected_version=upload.version)
        services.hand_in(contribution=part, by=by, today=TODAY, expected_version=part.version)
        world.put(made)
        world.put(Contribution.objects.get(pk=part.pk))
    world.put(ColumnChoice.objects.get())
    one, other = Entry.objects.filter(chronology_id=world.specimens["chronologies.chronology"].pk)
    made = world.specimens["chronologies.chronology"]
    theme = world.put(services.add_theme(chronology=made, title="Neglect", by=by))
    world.put(
        services.mark_entry(
            entry=one, significance="missed", themes=[theme], by=by, expected_version=one.version
        )
    )
    world.put(Mark.objects.get())
    world.put(services.write_note(entry=one, text="Nobody asked the child", by=by, today=TODAY))
    world.put(Comparison.objects.get())
    world.put(services.contradict(chronology=made, one=one, other=other, words="Both days cannot be", by=by))


def _voice(world: World, by: Any) -> None:
    from shield.domain.voice import services

    priority = world.specimens["improvement.priority"]
    activity = world.put(
        services.record_activity(
            title="Pupils' forum", group="children", method="session", priority=priority, people_count=12, held_on=DAY,
            by=by, today=TODAY,
        )
    )  # fmt: skip
    point = services.add_point(text="We want to be asked sooner", sort="to_develop", activity=activity, by=by)
    came = [world.specimens["improvement.action"].ref]
    said = services.answer(said=point, we_did="We ask every child in May", came=came, by=by, today=TODAY)
    whole = system(activity.partnership)  # a person would need a second one, as it is about children
    world.put(services.publish(said=said, published=True, nobody_named=True, by=whole))
    world.put(point.came.get())
    quotation = services.record_quotation(activity=activity, words="Ask us", by=by)
    world.put(
        services.record_consent(
            quotation=quotation,
            consent_by="The school",
            how="Signed form",
            on=DAY,
            scope="published",
            by=by,
            today=TODAY,
        )
    )
    world.put(services.make_promise(text="Ask children every year", made_on=SINCE, by=by))
    body = world.specimens["meetings.body"]
    world.put(
        services.join_circle(body=body, chosen_name="Kit", contact="-", joined_on=DAY, by=by, today=TODAY)
    )
    survey = world.put(services.draft_survey(title="Your school", intro="Tell us.", group="children", by=by))
    world.put(services.add_question(survey=survey, sort="scale", text="How is school?", by=by))
    survey = services.open_survey(survey=survey, opens_on=TODAY, closes_on=TODAY, by=by, today=TODAY)
    world.values |= {"survey": survey.token or ""}


def _report(world: World, by: Any) -> None:
    from shield.annual_report import issue, queries, services
    from shield.annual_report.models import EarlierIssue, Report
    from shield.kernel.clocks import services as clocks
    from shield.kernel.clocks.models import Clock
    from shield.kernel.reporting import services as reporting
    from shield.kernel.reporting.models import make_statement

    year = world.put(
        reporting.add_year(
            name="2018-19", starts_on=SINCE, ends_on=date(2019, 10, 31), as_at=TODAY, edition="WT2018", by=by
        )
    )
    report = world.put(services.open_report(year=year, by=by))
    statement = reporting.record_statement(
        statement=make_statement(
            by.partnership_id, 3, year=year, subject_kind="figure", subject_key="meetings.board_held", subject_title="Board meetings",
            attribute="value", source="A draft", section="2",
        ),
        by=by,
    )  # fmt: skip
    world.put(statement)
    frozen = issue.freeze(queries.assemble(Report.objects.get(pk=report.pk), by), TODAY)
    world.put(
        EarlierIssue(
            partnership_id=by.partnership_id, report=report, number=1, frozen=frozen, digest="d", issued_on=TODAY,
            withdrawn_on=TODAY, withdrawn_why="A figure was wrong.",
        ).store()
    )  # fmt: skip
    services.write(report=report, section="2.3", title="Working together", text="We met 12 times.", by=by)
    world.put(services.ask_for_build(report=report, by=by))
    clock = world.put(Clock.objects.get())
    world.put(
        clocks.escalate(about=clock.ref, due_on=TODAY, reason="Nobody answers for it.", by=by, today=TODAY)
    )
    world.values |= {
        "section": "2.3",
        "item": "impact",
        "key": "meetings.board_held",
        "year": "2018-19",
        "name": "report.pdf",
        "box": "stuck",
        "token": "none",
        "pk": "1",
        "provider_id": "agency",
        "suffix": "pdf",
        "on": "2019-11-04",
    }
