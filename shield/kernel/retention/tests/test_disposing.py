"""What is due, who may dispose of it, and that a batch is whole or not at all."""

import json
import os
import time
import uuid
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shield.kernel.accounts.models import AgencyMembership, RoleGrant, Team, TeamMembership
from shield.kernel.files import queries as files
from shield.kernel.files import services as attaching
from shield.kernel.files.models import StoredFile
from shield.kernel.history import queries as history
from shield.kernel.history.models import Event
from shield.kernel.jobs import queries as jobs
from shield.kernel.jobs.tests.test_services import work
from shield.kernel.notices.models import Message
from shield.kernel.records.models import Record
from shield.kernel.records.rules import RecordRef, Refused, Stale
from shield.kernel.reporting import services as reporting
from shield.kernel.retention import queries, services
from shield.kernel.retention.models import (
    Disposal,
    DisposalItem,
    DoomedFile,
    KeptLonger,
    LoggedDisposal,
)
from shield.kernel.retention.rules import disposing as rules
from shield.kernel.retention.services import erasing
from shield.kernel.retention.tests.conftest import KIND, NOW, day
from tests.architecture import walk
from tests.cast import SINCE, TODAY, Failure


def propose(ids, by, kind=KIND, **more):
    return services.propose_disposal(
        kind=kind, ids=ids, reason="Nobody needs them", by=by, today=TODAY, **more
    )


def confirm(disposal, by):
    return services.confirm_disposal(disposal=disposal, by=by, today=TODAY)


def due_ids(partnership, kind=KIND, today=TODAY):
    return set(queries.due(kind, partnership.pk, today).values_list("pk", flat=True))


def year_of(actor, closed=False):
    """The reporting year from October 2018 to October 2019."""
    row = reporting.add_year(
        name="2018-19", starts_on=day("2018-10-01"), ends_on=day("2019-10-31"), as_at=day("2019-11-30"), edition="WT2018",
        by=actor("system"),
    )  # fmt: skip
    type(row).objects.filter(pk=row.pk).update(closed=closed)
    return row


def test_a_message_is_due_six_years_after_its_reporting_year(partnership, messages, actor):
    year_of(actor, closed=True)
    ids = set(messages(1, 2019))
    assert due_ids(partnership, today=day("2025-10-30")) == set()
    assert due_ids(partnership, today=day("2025-10-31")) == ids


def test_without_reporting_years_a_year_is_waited_for_before_the_period(partnership, messages):
    ids = set(messages(1, 2012))
    assert due_ids(partnership, today=day("2018-12-31")) == set()
    assert due_ids(partnership, today=day("2019-01-01")) == ids


def test_the_day_of_a_message_is_the_day_in_london(partnership, messages):
    (pk,) = messages(1, 2012)
    Message.objects.filter(pk=pk).update(queued_at=datetime(2012, 6, 30, 23, 30, tzinfo=UTC))
    assert queries.day_of(Message, pk) == day("2012-07-01")


def test_a_role_that_is_held_is_never_due_and_one_that_ended_is_after_six_years(partnership, person):
    held = person("practitioner", since=day("2005-01-01")).roles.get()
    ended = person("practitioner", since=day("2005-01-01")).roles.get()
    RoleGrant.objects.filter(pk=ended.pk).update(ends_on=day("2013-11-04"))
    assert due_ids(partnership, "accounts.role_grant") == {ended.pk}
    assert held.pk not in due_ids(partnership, "accounts.role_grant", day("2099-01-01"))


def test_what_is_due_is_told_by_class_kind_and_year_in_few_statements(
    partnership, otherton, messages, count_queries
):
    messages(3, 2010)
    messages(2, 2011)
    messages(4, 2010, partnership=otherton)
    with count_queries() as sent:
        found = [(g.label, g.year, g.count) for g in queries.groups(partnership.pk, TODAY)]
    assert found == [("E-mail", 2010, 3), ("E-mail", 2011, 2)]
    assert len(sent) <= 3


def test_a_period_set_here_moves_what_is_due(partnership, manager, messages):
    messages(1, 2010)
    services.set_period(
        retention_class="partnership_year",
        months=12 * 20,
        reason="The board wants longer",
        by=manager,
        today=TODAY,
    )
    assert due_ids(partnership) == set()


@pytest.mark.parametrize(
    "kind", ["improvement.action", "history.event", "records.kept_form", "nothing", "accounts.person"]
)
def test_what_is_kept_for_ever_or_looked_after_by_the_system_is_not_reviewed(manager, kind):
    with pytest.raises(Refused, match="not reviewed"):
        propose([uuid.uuid4()], manager, kind)


def test_every_reviewed_kind_says_from_which_day_its_time_runs_and_every_part_of_what(partnership):
    for kind, model in queries.kinds().items():
        if part := getattr(model, "disposed_with", ""):
            assert issubclass(model._meta.get_field(part).related_model, Record)
        elif kind in queries.reviewed_kinds():
            assert queries.rows_of(model, partnership.pk).count() >= 0
    own = {model._meta.label for model in walk.own_models()}
    assert {model._meta.label for model in queries.kinds().values()} == own


# Proposing and confirming


def test_a_manager_proposes_and_a_partner_confirms_where_there_is_one_manager(partner, proposed, carry_out):
    disposal = confirm(proposed(2), partner)
    assert disposal.status == "confirmed"
    assert jobs.waiting() == 1
    assert carry_out(disposal) == 1
    assert not Message.objects.exists()
    disposal.refresh_from_db()
    assert disposal.status == "done"


def test_the_job_carries_it_out(partner, proposed):
    confirm(proposed(2), partner)
    work()
    assert not Message.objects.exists()
    assert jobs.failed() == 0


def test_whoever_proposed_it_cannot_confirm_it(manager, proposed):
    with pytest.raises(Refused, match="second person"):
        confirm(proposed(), manager)


def test_a_partner_waits_for_the_second_manager(actor, partner, proposed):
    disposal = proposed()
    second = actor("business_manager")
    assert not queries.may_confirm(disposal, partner, TODAY)
    with pytest.raises(Refused, match="Another business manager"):
        confirm(disposal, partner)
    assert queries.may_confirm(disposal, second, TODAY)
    assert confirm(disposal, second).settled_by_id == second.person_id


def test_one_person_with_both_roles_is_one_person(actor, messages):
    both = actor("business_manager", "safeguarding_partner")
    with pytest.raises(Refused, match="second person"):
        confirm(propose(messages(), both), both)


@pytest.mark.parametrize(
    "role", ["learning_manager", "scrutineer", "agency_lead", "practitioner", "safeguarding_partner"]
)
def test_nobody_else_proposes(actor, messages, role):
    with pytest.raises(PermissionDenied):
        propose(messages(), actor(role))


@pytest.mark.parametrize("role", ["learning_manager", "scrutineer", "agency_lead", "practitioner"])
def test_nobody_else_confirms(actor, proposed, role):
    disposal = proposed()
    with pytest.raises(PermissionDenied):
        confirm(disposal, actor(role))


def test_a_disposal_of_another_partnership_is_not_there(actor, otherton, proposed):
    disposal = proposed()
    with pytest.raises(Disposal.DoesNotExist):
        confirm(disposal, actor("business_manager", partnership=otherton))


def test_two_tabs_confirm_it_once(partner, proposed):
    disposal = proposed()
    services.confirm_disposal(disposal=disposal, by=partner, today=TODAY, expected_version=disposal.version)
    with pytest.raises(Stale):
        services.confirm_disposal(
            disposal=disposal, by=partner, today=TODAY, expected_version=disposal.version
        )
    with pytest.raises(Refused, match="cannot be confirmed"):
        confirm(disposal, partner)
    assert jobs.waiting() == 1


def test_a_record_is_in_one_proposal_only_and_due_again_when_that_is_withdrawn(
    partnership, manager, partner, messages
):
    ids = messages(2)
    disposal = propose(ids, manager)
    assert due_ids(partnership) == set()
    with pytest.raises(Refused, match="Look at the list again"):
        propose(ids[:1], manager)
    services.withdraw_disposal(disposal=disposal, reason="It is not time yet", by=partner, today=TODAY)
    assert due_ids(partnership) == set(ids)
    with pytest.raises(Refused, match="cannot be confirmed"):
        confirm(disposal, partner)
    propose(ids, manager)


def test_the_database_itself_lets_a_record_wait_in_one_disposal_only(manager, proposed):
    item = proposed(1).items.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalItem.objects.bulk_create(
            [
                DisposalItem(
                    partnership_id=item.partnership_id,
                    disposal=item.disposal,
                    record_id=item.record_id,
                    day=item.day,
                )
            ]
        )


def test_what_is_not_due_or_of_another_partnership_cannot_be_proposed(manager, otherton, messages):
    for ids in (messages(1, 2018), messages(1, 2010, partnership=otherton), [uuid.uuid4()]):
        with pytest.raises(Refused, match="not due any more"):
            propose(ids, manager)
    assert Disposal.objects.count() == 0


def test_nothing_chosen_and_no_reason_are_refused(manager, messages):
    messages()
    with pytest.raises(Refused, match="at least one"):
        propose([], manager)
    with pytest.raises(Refused, match="reason"):
        services.propose_disposal(kind=KIND, reason=" ", by=manager, today=TODAY)


def test_all_of_a_year_are_proposed_at_once(manager, messages):
    messages(30, 2010)
    messages(5, 2011)
    disposal = services.propose_disposal(kind=KIND, year=2010, reason="All of 2010", by=manager, today=TODAY)
    assert disposal.count == disposal.items.count() == 30


def test_five_hundred_records_are_proposed_confirmed_and_disposed_of(
    manager, partner, messages, carry_out, count_queries
):
    ids = messages(500)
    with count_queries() as sent:
        disposal = propose(ids, manager)
    assert len(sent) < 40
    assert carry_out(confirm(disposal, partner)) == 5
    assert LoggedDisposal.objects.count() == 5
    assert sum(LoggedDisposal.objects.values_list("count", flat=True)) == 500
    assert not Message.objects.exists()


# Keeping longer


def test_what_a_reviewer_keeps_is_due_again_on_that_day(partnership, manager, messages):
    ids = messages(3)
    until = day("2021-05-01")
    assert (
        services.keep_longer(
            kind=KIND, ids=ids[:2], until=until, reason="An inquiry may ask", by=manager, today=TODAY
        )
        == 2
    )
    assert due_ids(partnership) == {ids[2]}
    assert due_ids(partnership, today=until - timedelta(days=1)) == {ids[2]}
    assert due_ids(partnership, today=until) == set(ids)
    later = day("2022-05-01")
    services.keep_longer(kind=KIND, ids=ids, until=later, reason="The claim goes on", by=manager, today=until)
    assert set(KeptLonger.objects.values_list("keep_until", flat=True)) == {later}
    assert KeptLonger.objects.count() == 3
    told = list(Event.objects.filter(kind="retention.kept_longer").order_by("sequence"))
    assert KeptLonger.objects.filter(pk__in=[event.record_id for event in told]).count() == len(
        {event.record_id for event in told}
    )
    digests = [sha256("\n".join(sorted(map(str, chosen))).encode()).hexdigest() for chosen in (ids[:2], ids)]
    assert [json.loads(event.details)["digest"] for event in told] == digests


# What stays


def test_a_held_record_cannot_be_proposed_and_says_since_when_and_why(manager, messages):
    ids = messages(2)
    person_id = manager.person_id
    Message.objects.filter(pk=ids[0]).update(person_id=person_id)
    services.place_hold(
        about=RecordRef("accounts.person", person_id),
        wide=True,
        reason="The claim of 2019",
        asked_by="Legal",
        by=manager,
        today=TODAY,
    )
    with pytest.raises(Refused, match="Held since 4 November 2019: The claim of 2019"):
        propose(ids, manager)
    disposal = services.propose_disposal(kind=KIND, reason="All the rest", by=manager, today=TODAY)
    assert list(disposal.items.values_list("record_id", flat=True)) == [ids[1]]


def test_a_hold_that_comes_between_keeps_the_record_after_all(manager, partner, messages, carry_out):
    ids = messages(2)
    Message.objects.filter(pk=ids[0]).update(person_id=manager.person_id)
    disposal = confirm(propose(ids, manager), partner)
    services.place_hold(
        about=RecordRef("accounts.person", manager.person_id),
        wide=True,
        reason="The claim of 2019",
        asked_by="Legal",
        by=manager,
        today=TODAY,
    )
    carry_out(disposal)
    assert list(Message.objects.values_list("pk", flat=True)) == [ids[0]]
    kept = disposal.items.get(status="kept")
    assert (kept.record_id, kept.why) == (ids[0], "Held since 4 November 2019: The claim of 2019")
    assert LoggedDisposal.objects.get().count == 1


def test_a_longer_period_that_comes_between_keeps_it_too(manager, partner, messages, carry_out):
    disposal = confirm(propose(messages(1), manager), partner)
    services.set_period(
        retention_class="partnership_year", months=1200, reason="For ever almost", by=manager, today=TODAY
    )
    carry_out(disposal)
    assert Message.objects.count() == 1
    assert "not due any more" in disposal.items.get().why
    assert not LoggedDisposal.objects.exists()


def test_nothing_of_a_year_goes_before_its_report_is_issued(manager, messages, actor):
    year = year_of(actor)
    ids = messages(1, 2019)
    later = {
        "kind": KIND,
        "ids": ids,
        "reason": "Nobody needs them",
        "by": manager,
        "today": day("2026-01-01"),
    }
    with pytest.raises(Refused, match="report for 2018-19 is not issued yet"):
        services.propose_disposal(**later)
    type(year).objects.filter(pk=year.pk).update(closed=True)
    assert services.propose_disposal(**later).count == 1


@pytest.fixture
def team(partnership, person):
    old = Team(partnership_id=partnership.pk, title="Old team", purpose="A case", recorded_at=NOW).store()
    Team.objects.filter(pk=old.pk).update(recorded_at=timezone.now() - timedelta(days=365 * 40))
    member = TeamMembership(
        partnership_id=partnership.pk,
        team=old,
        person=person("practitioner"),
        starts_on=SINCE,
        ends_on=day("2019-01-01"),
    ).store()
    return old, member


def test_a_record_that_others_point_to_stays_and_says_by_which(manager, partner, team, carry_out):
    old, member = team
    with pytest.raises(Refused, match=r"still pointed at by: Team membership \(1\)"):
        propose([old.pk], manager, "accounts.team")
    TeamMembership.objects.filter(pk=member.pk).update(ends_on=day("2010-01-01"))
    carry_out(confirm(propose([member.pk], manager, "accounts.team_membership"), partner))
    carry_out(confirm(propose([old.pk], manager, "accounts.team"), partner))
    assert not Team.objects.exists()


def test_a_pointer_that_comes_between_keeps_the_record(
    manager, partner, partnership, team, carry_out, person
):
    old, member = team
    erasing.erase(model=TeamMembership, ids=[member.pk])
    disposal = confirm(propose([old.pk], manager, "accounts.team"), partner)
    TeamMembership(
        partnership_id=partnership.pk, team=old, person=person("practitioner"), starts_on=SINCE
    ).store()
    carry_out(disposal)
    assert Team.objects.filter(pk=old.pk).exists()
    assert "Team membership" in disposal.items.get().why


def test_a_record_that_went_otherwise_is_noted_and_not_logged(manager, partner, messages, carry_out):
    ids = messages(1)
    disposal = confirm(propose(ids, manager), partner)
    erasing.erase(model=Message, ids=ids)
    carry_out(disposal)
    assert "not there any more" in disposal.items.get().why
    assert not LoggedDisposal.objects.exists()


# The log


def test_the_log_tells_what_went_under_which_rule_and_names_nobody_of_it(manager, partner, person, carry_out):
    grant = person("practitioner", since=day("2005-01-01"), name="Olga Old").roles.get()
    RoleGrant.objects.filter(pk=grant.pk).update(ends_on=day("2010-01-01"))
    disposal = confirm(propose([grant.pk], manager, "accounts.role_grant"), partner)
    carry_out(disposal)
    line = LoggedDisposal.objects.get()
    assert (line.record_label, line.count, line.period) == ("Role", 1, "6 years")
    assert (line.proposed_by, line.confirmed_by) == ("Mina Manager", "Paul Partner")
    assert line.digest == rules.digest([("accounts.role_grant", grant.pk, "", day("2010-01-01"))])
    assert "Olga" not in str(vars(line)) + str(list(disposal.items.values()))
    told = [e.sentence for e in history.of_record(disposal.partnership_id, disposal.pk)]
    assert any(line.digest in sentence for sentence in told)
    assert not any("Olga" in sentence for sentence in told)


def test_the_database_refuses_to_change_or_remove_a_line_of_the_log(partner, proposed, carry_out):
    carry_out(confirm(proposed(), partner))
    line = LoggedDisposal.objects.get()
    line.count = 0
    for act in (line.save, line.delete, LoggedDisposal.objects.all().delete):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()


# Faults


def test_a_batch_that_fails_in_the_middle_leaves_everything_as_it_was(manager, partner, messages, actor):
    ids = messages(5)
    disposal = confirm(propose(ids, manager), partner)
    by = actor("system")
    batch = {"disposal_id": disposal.pk, "by": by, "today": TODAY, "now": NOW, "size": 2}
    assert services.dispose_batch(**batch)
    before = Event.objects.count()
    with patch.object(LoggedDisposal.objects, "create", side_effect=Failure), pytest.raises(Failure):
        services.dispose_batch(**batch)
    assert Message.objects.count() == 3
    assert disposal.items.filter(status="waiting").count() == 3
    assert LoggedDisposal.objects.get().count == 2
    assert Event.objects.count() == before
    while services.dispose_batch(**batch):
        pass
    assert not Message.objects.exists()
    assert sorted(LoggedDisposal.objects.values_list("count", flat=True)) == [1, 2, 2]


def test_a_disposal_whose_job_gave_up_is_taken_up_again(partner, proposed, actor):
    disposal = confirm(proposed(), partner)
    assert services.take_up_confirmed(by=actor("system")) == 1
    work()
    disposal.refresh_from_db()
    assert disposal.status == "done"
    assert services.take_up_confirmed(by=actor("system")) == 0


@pytest.fixture
def kept_file(manager, agencies, plan, settings, tmp_path):
    """An agency-membership's file on a disk of its own, as old as the record it is attached to."""
    settings.SHIELD_FILES = str(tmp_path / "files")
    membership = AgencyMembership.objects.filter(partnership_id=manager.partnership_id).first()
    stored = attaching.attach(about=membership.ref, name="note.txt", content=b"An old note.", by=manager)
    AgencyMembership.objects.filter(pk=membership.pk).update(ends_on=day("2010-01-01"))
    path = files.path_of(stored.sha256)
    os.utime(path, (time.time() - 86400,) * 2)
    return membership, path


@pytest.fixture
def with_member(person, agencies):
    return person("practitioner", agency=agencies["charity"], since=day("2005-01-01"))


@pytest.mark.usefixtures("with_member")
class TestFiles:
    """The content of files goes from the disk after their rows, never before."""

    @pytest.fixture
    def disposal(self, kept_file, manager, partner):
        membership, _ = kept_file
        return confirm(propose([membership.pk], manager, "accounts.agency_membership"), partner)

    def test_a_file_goes_with_its_record_after_that_is_kept(
        self, kept_file, disposal, carry_out, django_capture_on_commit_callbacks
    ):
        _, path = kept_file
        with django_capture_on_commit_callbacks(execute=False) as callbacks:
            carry_out(disposal)
        assert path.exists()
        assert not StoredFile.objects.exists()
        assert DoomedFile.objects.count() == 1
        for callback in callbacks:
            callback()
        assert not path.exists()
        assert not DoomedFile.objects.exists()
        assert LoggedDisposal.objects.get().files == 1

    def test_what_a_crash_leaves_on_the_disk_goes_at_the_next_run(self, kept_file, disposal, carry_out):
        _, path = kept_file
        carry_out(disposal)  # in a test nothing is committed, so nothing after it happens: as after a crash
        assert path.exists()
        assert services.remove_doomed_files() == 1
        assert not path.exists()
        assert list(path.parent.iterdir()) == []

    def test_a_crash_between_moving_aside_and_removing_is_finished(self, kept_file, disposal, carry_out):
        _, path = kept_file
        carry_out(disposal)
        path.replace(path.with_suffix(".doomed"))
        services.remove_doomed_files()
        assert list(path.parent.iterdir()) == []

    def test_content_that_another_record_has_stays(
        self, kept_file, disposal, carry_out, manager, partnership
    ):
        _, path = kept_file
        attaching.attach(about=partnership.ref, name="copy.txt", content=b"An old note.", by=manager)
        carry_out(disposal)
        services.remove_doomed_files()
        assert path.exists()

    def test_content_that_is_just_being_attached_again_waits(self, kept_file, disposal, carry_out):
        _, path = kept_file
        carry_out(disposal)
        attaching._write(path.name, b"An old note.")
        assert services.remove_doomed_files() == 0
        assert path.read_bytes() == b"An old note."
        os.utime(path, (time.time() - 86400,) * 2)
        assert services.remove_doomed_files() == 1

    def test_content_attached_again_and_kept_is_doomed_no_more(
        self, kept_file, disposal, carry_out, manager, partnership
    ):
        _, path = kept_file
        carry_out(disposal)
        attaching.attach(about=partnership.ref, name="copy.txt", content=b"An old note.", by=manager)
        services.remove_doomed_files()
        assert path.exists()
        assert not DoomedFile.objects.exists()


def test_the_history_is_sound_after_a_disposal(partner, proposed, carry_out, partnership):
    carry_out(confirm(proposed(), partner))
    assert Event.objects.filter(partnership_id=partnership.pk, kind="retention.disposed").exists()
    verdict = history.verify_against(partnership.pk, None, _ring())
    assert "was changed" not in verdict.first_fault
    assert "missing:" not in verdict.first_fault


def _ring():
    from shield.kernel.retention.models import ring

    return ring()


def test_the_tables_are_guarded(db):
    from shield.kernel.history.models import missing_triggers

    assert missing_triggers(connection) == []
