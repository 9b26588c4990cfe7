"""Loading the sample year through the services, so that every record has its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.audits import services as audits
from shield.domain.learning_hub import services as hub
from shield.domain.voice import services as voice
from shield.improvement import services as improvement
from shield.improvement.services import NOBODY, Owner
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts_queries
from shield.kernel.accounts import services as accounts
from shield.kernel.accounts.models import Partnership, Provenance
from shield.kernel.reporting import rules as reporting_rules
from shield.kernel.reporting import services as reporting
from shield.kernel.reporting.models import make_statement
from shield.meetings import services as meetings
from shield.project.sample.reader import Known, read, singular

SOURCE = "Bexley S.H.I.E.L.D. annual report 2018-19"
Row = dict[str, Any]
Say = Callable[[str, int, int], None]


def load(*, today: date, say: Say = lambda what, done, total: None) -> Partnership:
    """Load the whole sample year in one transaction; nothing is half-loaded."""
    with transaction.atomic():
        return _Loading(read(), today, say).run()


class _Loading:
    """One run of the loader: what is read, what is made, and who makes it."""

    def __init__(self, kinds: dict[str, list[Row]], today: date, say: Say) -> None:
        self.kinds, self.today, self.say = kinds, today, say
        self.known = Known()
        self.found: dict[str, str] = {}
        """By the key of a finding: the audit that found it."""
        self.sources: list[tuple[Any, str, str]] = []
        self.by: Actor

    def run(self) -> Partnership:
        """Every kind in the order in which records lean on each other."""
        partnership = self._partnership(self.kinds["partnership"][0])
        steps = (
            "agencies",
            "offices",
            "bodies",
            "body_changes",
            "priorities",
            "success_measures",
            "themes",
            "gatherings",
            "audits",
            "reflective_discussions",
            "findings",
            "recommendations",
            "decisions",
            "actions",
            "progress_notes",
            "evidence",
            "cycles",
            "plan_items",
            "planned_activities",
            "dissemination_steps",
            "activities",
            "points",
            "promises",
        )
        for number, kind in enumerate(steps, start=1):
            self.say(kind.replace("_", " "), number, len(steps) + 1)
            make = getattr(self, f"_{singular(kind)}")
            for row in self.kinds.get(kind, []):
                record = make(row)
                self.known.put(singular(kind), row["key"], record)
                self.sources.append((record, row["source"], row["key"]))
        self._after()
        self.say("statements", len(steps) + 1, len(steps) + 1)
        self._statements()
        self._note_sources()
        return partnership

    def _partnership(self, row: Row) -> Partnership:
        profile = {name: row[name] for name in ("area", "vision", "values", "ambitions", "launched_on")}
        partnership = accounts.found_partnership(
            slug=row["slug"], name=row["name"], short_name=row["short_name"], **profile
        )
        self.by = accounts_queries.system_actor(partnership, "Sample year")
        year = row["reporting_year"]
        self.reporting_year = reporting.add_year(**year, edition=row["edition"], by=self.by)
        self.known.put("partnership", row["key"], partnership)
        self.sources.append((partnership, row["source"], row["key"]))
        self.year = year
        return partnership

    def _owner(self, reference: str | None) -> Owner:
        kind, _, key = (reference or "").partition(":")
        if kind == "agency":
            return Owner(agency=self.known.get("agency", key))
        if kind == "office":
            return Owner(office=self.known.get("office", key))
        if kind == "body":
            return Owner(body=self.known.get("body", key).ref)
        return Owner(outside=key) if kind == "outside" else NOBODY

    # One method a kind, in the order in which they are loaded ---------------------------------------

    def _agency(self, row: Row) -> Any:
        return accounts.add_agency(
            by=self.by,
            name=row["name"],
            short_name=row.get("short_name", ""),
            sector=row["sector"],
            lead_partner=row.get("lead_partner") or "",
            parent=self.known.get("agency", row.get("parent")),
            relevant_from=self.year["starts_on"] if row["relevant"] else None,
            note=row.get("note", ""),
        )

    def _office(self, row: Row) -> Any:
        return accounts.add_office(
            by=self.by, title=row["title"], agency=self.known.get("agency", row.get("agency"))
        )

    def _body(self, row: Row) -> Any:
        return meetings.add_body(
            by=self.by,
            name=row["name"],
            sort=row["kind"],
            purpose=row.get("purpose", ""),
            frequency=row.get("frequency", ""),
            joint_with=row.get("joint_with", []),
            outside=row.get("outside", False),
            established_on=row.get("established_on"),
            ended_on=row.get("ended_on"),
        )

    def _body_change(self, row: Row) -> Any:
        return meetings.note_body_change(
            body=self.known.get("body", row["body"]),
            sort=row["kind"],
            by=self.by,
            happened_on=row.get("on"),
            precision=row.get("precision", "day"),
            text=row["text"],
        )

    def _priority(self, row: Row) -> Any:
        return improvement.add_priority(
            title=row["title"],
            by=self.by,
            leads=self.known.many("agency", row.get("lead_agencies")),
            number=row.get("number"),
            year=f"Year {row['year']}",
            rationale=row["rationale"],
            status=row["status"],
            uses_partnership_measures=row.get("success_measures") == {"same_as_partnership": True},
        )

    def _success_measure(self, row: Row) -> Any:
        return improvement.add_measure(
            title=row["text"],
            by=self.by,
            priority=self.known.get("priority", row.get("priority")),
            heading_text=row.get("heading", ""),
            points=row.get("points", []),
            position=len(self.known.records) % 10_000,
        )

    def _theme(self, row: Row) -> Any:
        return improvement.add_theme(
            title=row["title"], by=self.by, priority=self.known.get("priority", row.get("priority"))
        )

    def _gathering(self, row: Row) -> Any:
        chair = self._owner(row.get("chaired_by"))
        return meetings.record_gathering(
            title=row["title"],
            sort=row["kind"],
            by=self.by,
            today=self.today,
            status=row["status"],
            held_on=row.get("held_on") or date(2020, 3, 1),
            ends_on=row.get("ends_on"),
            precision=row.get("precision", "day") if row.get("held_on") else "month",
            body=self.known.get("body", row.get("body")),
            priority=self.known.get("priority", row.get("priority")),
            chair_agency=chair.agency,
            chair_office=chair.office,
            led_by=self.known.many("agency", row.get("led_by")),
            business=[self._item(item) for item in row.get("business", [])],
            levels=row.get("target_levels", []),
            agencies_represented=row.get("agencies_represented", []),
            content=row.get("content", ""),
            note=row.get("note", ""),
        )

    def _item(self, item: Any) -> meetings.Item:
        if isinstance(item, str):
            return meetings.Item(item)
        body = self.known.get("body", item.get("body"))
        return meetings.Item(
            item["text"], self.known.get("priority", item.get("priority")), body.ref if body else None
        )

    def _audit(self, row: Row) -> Any:
        self.found.update(dict.fromkeys(row.get("findings", []), row["key"]))
        names = (
            "depth", "why", "frame", "unit", "frame_from", "frame_to", "frame_size", "method", "chosen_how", "ends_on",
            "precision", "considered", "in_depth", "considered_note", "led_by_outside", "team_outside", "team_note",
        )  # fmt: skip
        return audits.record_audit(
            title=row["title"], sort=row["kind"], starts_on=row["starts_on"], by=self.by, today=self.today,
            priority=self.known.get("priority", row.get("priority")), led_by=self.known.many("agency", row.get("led_by")),
            team=self.known.many("agency", row.get("team")), **{name: row[name] for name in names if name in row},
        )  # fmt: skip

    def _reflective_discussion(self, row: Row) -> Any:
        return audits.hold_discussion(
            audit=self.known.get("audit", row["audit"]), held_on=row["held_on"], by=self.by, today=self.today,
            precision=row.get("precision", "day"), practitioners=row.get("practitioners"),
            gatherings=self.known.many("gathering", row.get("gatherings")),
            agencies=self.known.many("agency", row.get("agencies")), agencies_outside=row.get("agencies_outside", []),
        )  # fmt: skip

    def _finding(self, row: Row) -> Any:
        gathering = self.known.get("gathering", row.get("gathering"))
        origin = gathering or self.known.get("audit", self.found.get(row["key"]))
        return improvement.add_finding(
            text=row["text"],
            sort=row["sort"],
            evidence_from=row["evidence_from"],
            by=self.by,
            priority=self.known.get("priority", row["priority"]),
            themes=self.known.many("theme", row.get("themes")),
            origin=origin.ref if origin else None,
            found_on=gathering.held_on if gathering else None,
        )

    def _recommendation(self, row: Row) -> Any:
        recommendation = improvement.add_recommendation(
            title=row["title"],
            priority=self.known.get("priority", row["priority"]),
            by=self.by,
            number=row.get("number"),
            sort=row["kind"],
            issue=row.get("issue", ""),
            text=row.get("text", ""),
            topics=row.get("topics", []),
            findings=self.known.many("finding", row.get("findings")),
            themes=self.known.many("theme", row.get("themes")),
            outside_decided_list=row.get("not_in_decided_list", False),
            status="presented",
        )
        for position, part in enumerate(row.get("parts", []), start=1):
            made = improvement.add_part(
                recommendation=recommendation,
                text=part["text"],
                by=self.by,
                owner=self._owner(part.get("owner")),
                position=position,
                due_on=part.get("due_on"),
                precision=part.get("precision", "day"),
            )
            self.known.put("part", part["key"], made)
        return recommendation

    def _decision(self, row: Row) -> Any:
        about = row.get("about", [])
        resolution = meetings.take_decision(
            body=self.known.get("body", row["body"]),
            text=row["text"],
            outcome="agreed",
            by=self.by,
            today=self.today,
            gathering=self.known.get("gathering", row.get("gathering")),
            decided_on=row.get("on"),
            recommendations=[self.known.named(r) for r in about if r.startswith("recommendation:")],
            priorities=[self.known.named(r) for r in about if r.startswith("priority:")],
            precision="day" if row.get("gathering") else row.get("precision", "day"),
            needs_action=row.get("needs_action", False),
        )
        return resolution.decision

    def _action(self, row: Row) -> Any:
        decisions = [
            d["key"] for d in self.kinds["decisions"] if f"action:{row['key']}" in d.get("about", [])
        ]
        return improvement.add_action(
            text=row["text"],
            by=self.by,
            owner=self._owner(row.get("owner")),
            status=row["status"],
            priority=self.known.get("priority", row.get("priority")),
            note=row.get("note", ""),
            recommendation=self.known.get("recommendation", row.get("recommendation")),
            part=self.known.get("part", row.get("part")),
            due_on=row.get("due_on"),
            precision=row.get("precision", "day"),
            decision=self.known.get("decision", decisions[0] if decisions else None),
            done_on=(row.get("done_on") or self.year["ends_on"]) if row["status"] == "done" else None,
        )

    def _progress_note(self, row: Row) -> Any:
        return improvement.note_progress(
            about=self.known.named(row["about"]).ref,
            text=row["text"],
            noted_on=row["on"],
            by=self.by,
            precision=row.get("precision", "day"),
        )

    def _evidence(self, row: Row) -> Any:
        return improvement.add_evidence(
            about=self.known.named(row["about"]).ref,
            sort=row["kind"],
            text=row["text"],
            answers=row["answers"],
            by=self.by,
            found_on=row.get("on") or self.year["ends_on"],
            today=self.today,
            precision=row.get("precision", "day" if row.get("on") else "month"),
        )

    def _cycle(self, row: Row) -> Any:
        stages = [
            hub.StageDates(s["number"], s["title"], s["starts_on"], s["ends_on"], "done", s.get("did", ""))
            for s in row["stages"]
        ]
        return hub.start_cycle(
            priority=self.known.get("priority", row["priority"]),
            starts_on=row["starts_on"],
            by=self.by,
            variant=row["variant"],
            summary="\n".join(a["text"] for a in row.get("activities", [])),
            stages=stages,
            issues_noted=row.get("issues_noted"),
            issues_elsewhere=row.get("issues_elsewhere"),
        )

    def _plan_item(self, row: Row) -> Any:
        return hub.add_plan_item(
            cycle=self.known.get("cycle", row["cycle"]),
            sort=row["kind"],
            source=row["from"],
            says=row["says"].strip(),
            strength=row["strength"],
            dated_on=row.get("dated_on"),
            precision=row.get("precision", "day"),
            by=self.by,
            today=self.today,
        )

    def _planned_activity(self, row: Row) -> Any:
        made = hub.plan_activity(
            cycle=self.known.get("cycle", row["cycle"]),
            sort=row["kind"],
            what=row["what"],
            happens_on=row["on"],
            by=self.by,
        )
        return hub.report_activity(
            activity=made,
            status="done",
            outcome=row["outcome"].strip(),
            by=self.by,
            expected_version=made.version,
        )

    def _dissemination_step(self, row: Row) -> Any:
        return hub.plan_step(
            priority=self.known.get("priority", row["priority"]),
            activity=row["activity"],
            happens_on=row["on"],
            by=self.by,
            ends_on=row.get("ends_on"),
            precision=row.get("precision", "day"),
            agency=self.known.get("agency", row.get("by")),
            progress=row.get("progress") or "",
            status=row["status"],
            gathering=self.known.get("gathering", row.get("gathering")),
        )

    def _activity(self, row: Row) -> Any:
        return voice.record_activity(
            title=row["title"],
            group=row["group"],
            method=row["method"],
            by=self.by,
            today=self.today,
            priority=self.known.get("priority", row["priority"]),
            gathering=self.known.get("gathering", row.get("gathering")),
            people_count=row.get("people_count"),
            held_on=row.get("on"),
            precision=row.get("precision", "day"),
            agency=self.known.get("agency", row.get("agency")),
            asked=row.get("asked", ""),
            note=row.get("note", ""),
        )

    def _point(self, row: Row) -> Any:
        """A point in the words of the finding that was made of it; what was recommended is the answer, told to nobody yet."""
        finding = self.known.get("finding", row["finding"])
        point = voice.add_point(
            text=finding.text,
            sort=finding.sort,
            by=self.by,
            activity=self.known.get("activity", row.get("activity")),
            group=row["group"],
            priority=finding.priority,
            finding=finding,
        )
        if row.get("we_did"):
            came = [self.known.named(reference).ref for reference in row["came_of"]]
            # Both the point and what was recommended stand in the published report.
            voice.answer(
                said=point,
                we_did=row["we_did"],
                came=came,
                by=self.by,
                today=self.year["ends_on"],
            )
            voice.publish(said=point, published=True, nobody_named=True, by=self.by)
        return point

    def _promise(self, row: Row) -> Any:
        return voice.make_promise(
            text=row["text"],
            made_on=row["made_on"],
            by=self.by,
            precision=row["precision"],
            where=row["where"],
            progress=row["progress"],
            position=len(self.known.records) % 1_000,
        )

    # What leans on several kinds --------------------------------------------------------------------

    def _after(self) -> None:
        """Parents, members and terms of bodies; the impact reviews that the decisions call for."""
        for row in self.kinds["bodies"]:
            body = self.known.get("body", row["key"])
            if row.get("parent") or row.get("predecessor"):
                body.parent, body.predecessor = (
                    self.known.get("body", row.get("parent")),
                    self.known.get("body", row.get("predecessor")),
                )
                body.store()
            for terms in row.get("terms", []):
                meetings.agree_terms(
                    body=body,
                    summary=terms.get("summary", ""),
                    by=self.by,
                    agreed_on=terms.get("agreed_on"),
                    precision=terms.get("precision", "day"),
                    agreed_by=self.known.get("body", terms.get("agreed_by")),
                )
            for member in row.get("members", []):
                meetings.add_member(
                    body=body,
                    role=member["role"],
                    by=self.by,
                    agency=self.known.get("agency", member.get("agency")),
                    office=self.known.get("office", member.get("office")),
                )
        for priority, day in self._decided():
            improvement.plan_reviews(priority=priority, decided_on=day, by=self.by)

    def _decided(self) -> Iterator[tuple[Any, date]]:
        for row in self.kinds["decisions"]:
            gathering = self.known.get("gathering", row.get("gathering"))
            on = gathering.held_on if gathering else row.get("on")
            if on and any(about.startswith("recommendation:") for about in row["about"]):
                yield from ((self.known.named(a), on) for a in row["about"] if a.startswith("priority:"))

    def _statements(self) -> None:
        statements = [self._statement(row) for row in self.kinds["statements"]]
        reporting.import_statements(statements=statements, source=SOURCE, by=self.by)

    def _statement(self, row: Row) -> Any:
        kind, _, key = row["subject"].partition(":")
        subject = {"subject_kind": kind, "subject_key": key, "subject_title": figure_title(key)}
        record = self.known.records.get(row["subject"])
        if record is not None:
            subject = {
                "subject_kind": record.kind,
                "subject_id": record.pk,
                "subject_title": record.heading[:300],
            }
        value = row["value"]
        return make_statement(
            self.by.partnership_id,
            value if isinstance(value, int | date) and not isinstance(value, bool) else str(value),
            attribute=row["attribute"],
            unit=row.get("unit", ""),
            source=SOURCE,
            year=self.reporting_year,
            section=row["section"],
            place=row.get("place", ""),
            wording=row.get("wording", ""),
            precision=row.get("precision", "day"),
            **subject,
        )

    def _note_sources(self) -> None:
        Provenance.objects.bulk_create(
            Provenance(
                partnership_id=self.by.partnership_id,
                record_kind=record.kind,
                record_id=record.pk,
                source=SOURCE,
                section=section,
                key=key,
                version=1,
            )
            for record, section, key in self.sources
        )


def figure_title(key: str) -> str:
    """A figure as people call it; the key's words where no module computes it yet."""
    try:
        kind, argument = reporting_rules.split_key(key)
    except reporting_rules.UnknownFigure:
        module, _, rest = key.partition(".")
        return f"{module.replace('_', ' ').capitalize()}: {rest.replace('_', ' ').replace('.', ', ').replace('priority-', 'priority ')}"
    return f"{kind.label}, {argument.replace('-', ' ')}" if argument else kind.label
