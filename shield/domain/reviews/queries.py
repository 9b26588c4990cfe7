"""Reads across cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from shield.domain.reviews import permissions, rules
from shield.domain.reviews.models import (
    AgencyReturn,
    Case,
    Conversation,
    Output,
    PlanStep,
    PracticeReview,
    Referral,
    RouteTaken,
    Sharing,
    SignOff,
    Step,
)
from shield.improvement.models import Recommendation, Theme
from shield.improvement.rules import EvidenceFrom
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, Person
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks.models import Clock
from shield.kernel.files import queries as files
from shield.kernel.files.models import StoredFile

MOST = 50
"""Of one kind on somebody's list of work."""


def cases(actor: Actor) -> QuerySet[Case]:
    """The cases somebody may see, with themes and outputs."""
    return Case.objects.visible_to(actor).prefetch_related(
        "themes", Prefetch("outputs", Output.objects.order_by("position", "recorded_at"))
    )


def cases_of_year(actor: Actor, starts_on: date, ends_on: date) -> list[Case]:
    """The cases before the group in a span of days, shown without identities: begun by its end and not closed before it.

    In the order in which they are told: practice reviews first, then by the way they took and by when they began.
    """
    rows = cases(actor).filter(shared_on__isnull=False)
    rows = rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=starts_on))
    order = list(rules.Route.values)
    told = [case for case in rows if (case.began_on or case.notified_on or starts_on) <= ends_on]
    return sorted(told, key=lambda c: (order.index(c.route) if c.route else len(order), c.reference))


def themes_of(cases: Iterable[Case]) -> list[tuple[Theme, list[Case]]]:
    """Each theme with the cases that have it: the most frequent first, then by name."""
    found: dict[Theme, list[Case]] = defaultdict(list)
    for case in cases:
        for theme in case.themes.all():
            found[theme].append(case)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0].title.casefold()))


def routes_of(case: Case, actor: Actor) -> list[RouteTaken]:
    """Every decision on the way of a case, the first first."""
    return list(RouteTaken.objects.visible_to(actor).filter(case=case).select_related("gathering"))


def returns_of(case: Case, actor: Actor, purpose: str = rules.Purpose.RAPID) -> list[AgencyReturn]:
    """What agencies were asked for a review of a case, as far as somebody may see it."""
    return list(AgencyReturn.objects.visible_to(actor).filter(case=case, purpose=purpose))


def own_returns(actor: Actor) -> QuerySet[AgencyReturn]:
    """What is asked of somebody's own agency and waits for it."""
    rows = AgencyReturn.objects.visible_to(actor).filter(agency_id__in=actor.agency_ids)
    return rows.filter(status__in=rules.WITH_AGENCY) if actor.may(permissions.ANSWER) else rows.none()


def returns_to_remind_of(actor: Actor, today: date) -> QuerySet[AgencyReturn]:
    """What agencies were asked and have not handed in, due before long or late."""
    rows = AgencyReturn.objects.filter(partnership_id=actor.partnership_id, status__in=rules.WITH_AGENCY)
    return (
        rows.filter(due_on__lte=today + rules.LONGEST_NOTICE)
        .select_related("case__team", "agency")
        .order_by("due_on")
    )


def steps_of(case: Case) -> list[Step]:
    """The milestones of a rapid review in order."""
    return list(Step.objects.filter(case=case).order_by("position"))


def signatures_of(case: Case) -> list[SignOff]:
    """Who has signed."""
    return list(SignOff.objects.filter(case=case).select_related("agency", "person").order_by("signed_on"))


def partners(partnership_id: Any) -> list[Agency]:
    """The three partners who sign."""
    rows = Agency.objects.filter(partnership_id=partnership_id).exclude(lead_partner="")
    return list(rows.order_by("lead_partner"))


def partner_of(actor: Actor) -> Agency | None:
    """For which of the three partners somebody signs."""
    rows = Agency.objects.filter(partnership_id=actor.partnership_id, pk__in=actor.agency_ids)
    return rows.exclude(lead_partner="").first()


def plan_of(partnership_id: Any) -> list[rules.Milestone]:
    """The partnership's own plan for rapid reviews; until it has one, the first plan that came with Shield."""
    rows = PlanStep.objects.filter(partnership_id=partnership_id, dropped=False).order_by("position")
    own = [rules.Milestone(row.label_text, row.from_day, row.to_day) for row in rows]
    return own or list(rules.PLAN)


def why_not_send(case: Case) -> list[str]:
    """What still stands in the way of sending the rapid review to the Panel."""
    rapid = case.rapid
    names = {agency.pk: agency.called for agency in partners(case.partnership_id)}
    signed = {names.get(row.agency_id, ""): row.choice for row in signatures_of(case)}
    returns = AgencyReturn.objects.filter(case=case, purpose=rules.Purpose.RAPID).values_list(
        "status", flat=True
    )
    return rules.why_not_send(
        summarised=rapid.is_written, met=rapid.met_on is not None, returns=list(returns), signed=signed,
        partners=list(names.values()),
    )  # fmt: skip


def referral_of(case: Case, actor: Actor) -> Referral | None:
    """How a case came, for its team."""
    return (
        Referral.objects.visible_to(actor).filter(case=case).select_related("referred_by", "agency").first()
    )


def own_referrals(actor: Actor) -> QuerySet[Referral]:
    """The referrals somebody made themself: that they arrived, and what became of them; not the case."""
    rows = Referral.objects.filter(partnership_id=actor.partnership_id, referred_by_id=actor.person_id)
    return rows.select_related("case").order_by("-referred_at")


def workers(actor: Actor, on: date) -> list[Person]:
    """Who is told of a new referral and forms its team."""
    return accounts.people_who_may(permissions.WORK, actor.partnership_id, on)


def signers(actor: Actor, on: date) -> list[Person]:
    """Who may sign for a partner."""
    return accounts.people_who_may(permissions.SIGN, actor.partnership_id, on)


def to_screen(actor: Actor) -> list[tuple[Case, date | None]]:
    """Cases of somebody's teams that are not notified yet, each with the day by which they must be, if they must."""
    rows = list(
        Case.objects.visible_to(actor).filter(stage=rules.Stage.REFERRED, team_id__in=actor.team_ids)[:MOST]
    )
    running = Clock.objects.filter(about_id__in=[row.pk for row in rows], code=rules.NOTIFY, state="running")
    due = dict(running.values_list("about_id", "due_on")) if rows else {}
    return [(row, due.get(row.pk)) for row in rows]


def late_outputs(actor: Actor, today: date) -> list[Output]:
    """Outputs that should be there and are not, of cases that somebody may see."""
    rows = Output.objects.filter(
        case__in=Case.objects.visible_to(actor), issued_on__isnull=True, postponed_why=""
    )
    return [row for row in rows.filter(due_on__lt=today).select_related("case__team") if row.is_late(today)]


def counts_by_route(cases: Iterable[Case]) -> dict[str, int]:
    """How many cases went each way."""
    found: dict[str, int] = defaultdict(int)
    for case in cases:
        found[case.route] += 1
    return dict(found)


def offered_themes(actor: Actor) -> QuerySet[Theme]:
    """The themes that can be named, by title."""
    return Theme.objects.visible_to(actor).order_by("title")


# Practice reviews


def review_of(case: Case, actor: Actor) -> PracticeReview | None:
    """The practice review of a case, for its team."""
    return PracticeReview.objects.visible_to(actor).filter(case=case).first()


def conversations_of(case: Case, actor: Actor) -> list[Conversation]:
    """Whom the review of a case heard."""
    return list(Conversation.objects.visible_to(actor).filter(case=case))


def publication_due(review: PracticeReview, actor: Actor) -> date | None:
    """By when a review is to be published; None where no clock of it runs."""
    rows = clocks.of_record(review.case_id, actor).filter(code="review.publication", state="running")
    return rows.values_list("due_on", flat=True).first()


def why_not_publish(review: PracticeReview, actor: Actor, today: date) -> list[str]:
    """What still stands in the way of publishing a review."""
    return rules.why_not_publish(
        board_on=review.board_on, paused_for=review.paused_for, due_on=publication_due(review, actor),
        delay_reasons=review.delay_reasons, today=today,
    )  # fmt: skip


def sharings_of(case: Case, actor: Actor) -> list[Sharing]:
    """What was decided on sharing something of a case with neighbours, the first first."""
    return list(Sharing.objects.visible_to(actor).filter(case=case))


def stages_of(
    review: PracticeReview,
    reports: Iterable[AgencyReturn],
    heard: Iterable[Conversation],
) -> dict[str, date | None]:
    """By stage: the day on which it was reached, from what is on record; None where it was not."""
    asked = [row for row in reports if row.status != rules.ReturnStatus.WITHDRAWN]
    given = [row.handed_in_on for row in asked if row.status in rules.HANDED_IN and row.handed_in_on]
    first: dict[str, date] = {}
    for row in heard:
        first[row.who] = min(row.held_on, first.get(row.who, row.held_on))
    stage = rules.ReviewStage
    return {
        stage.COMMISSIONED: review.commissioned_on,
        stage.AGENCIES: max(given) if given and len(given) == len(asked) else None,
        stage.PRACTITIONERS: first.get(rules.Heard.PRACTITIONERS),
        stage.FAMILY: first.get(rules.Heard.FAMILY),
        stage.DRAFT: review.drafted_on,
        stage.BOARD: review.board_on,
        stage.PUBLISHED: review.published_on if review.status == rules.ReviewStatus.PUBLISHED else None,
    }


def drafts_of(review: PracticeReview, actor: Actor) -> list[StoredFile]:
    """The drafts of a review, the first first."""
    return list(files.about(review.pk, actor))


def published_reviews(partnership_id: Any) -> QuerySet[PracticeReview]:
    """What anybody may read, the newest first; and what was withdrawn, whose page says so."""
    rows = PracticeReview.objects.filter(partnership_id=partnership_id, published_on__isnull=False)
    shown = (rules.ReviewStatus.PUBLISHED, rules.ReviewStatus.WITHDRAWN)
    return rows.filter(status__in=shown).select_related("file", "case").order_by("-published_on", "title")


def that_published() -> set[Any]:
    """The partnerships that have a practice review before the public."""
    rows = PracticeReview.objects.filter(status=rules.ReviewStatus.PUBLISHED)
    return set(rows.order_by().values_list("partnership_id", flat=True).distinct())


def recommendations_of(actor: Actor, review: PracticeReview | None = None) -> QuerySet[Recommendation]:
    """The recommendations that came of practice reviews, or of one of them."""
    rows = Recommendation.objects.visible_to(actor)
    if review is not None:
        rows = rows.filter(findings__origin_id=review.pk)
    return rows.filter(findings__origin_kind=PracticeReview.kind).distinct().order_by("reference")


def followed_recommendations(actor: Actor) -> QuerySet[Recommendation]:
    """What reviews recommended, whoever put it into the chain, with what was decided and done on it."""
    rows = Recommendation.objects.visible_to(actor).filter(findings__evidence_from=EvidenceFrom.REVIEW)
    return rows.distinct().prefetch_related("decisions", "actions").order_by("reference")


def to_confirm(actor: Actor) -> QuerySet[PracticeReview]:
    """Reviews that wait for somebody's confirmation as a second person."""
    rows = PracticeReview.objects.visible_to(actor).filter(status=rules.ReviewStatus.PROPOSED)
    return rows.filter(case__team_id__in=actor.team_ids).exclude(proposed_by_id=actor.person_id)
