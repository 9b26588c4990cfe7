"""A case on its way, made through the services."""

from datetime import UTC, date, datetime

from shield.domain.reviews import rules, services
from shield.domain.reviews.models import AgencyReturn
from tests.cast import TODAY, actor_of

NOW = datetime(2019, 11, 4, 16, 0, tzinfo=UTC)
AWARE = datetime(2019, 11, 1, 15, 30, tzinfo=UTC)
CHILD = rules.Child(("Jordan Tarrant",), date(2015, 3, 7))
ANSWERS = {"abuse": "yes", "died": "no", "harmed": "yes", "here": "yes", "looked_after": "no"}
WORDS = {"facts": "Jordan was absent.", "involvement": "We taught him.", "safety": "We rang at once."}


def referred(by, **more):
    given = {
        "what": "Jordan was found hurt.",
        "aware_at": AWARE,
        "children": [CHILD],
        "place": "At home",
        **more,
    }
    return services.refer(by=by, today=TODAY, now=NOW, **given)


def screened(case, by, outcome="notify", answers=ANSWERS):
    return services.screen(
        case=case, answers=answers, outcome=outcome, reasons="The harm is serious.", by=by, today=TODAY
    )


def notified(case, by, agencies=(), partners=(), on=TODAY):
    screened(case, by)
    return services.notify(
        case=case, on=on, agencies=agencies, whom="Jordan Tarrant, born 7 March 2015", answers_due_on=TODAY,
        partners=partners, by=by, today=TODAY,
    )  # fmt: skip


def answered(case, teacher):
    answer = AgencyReturn.objects.get(case=case)
    return services.hand_in(answer=answer, words=WORDS, signed_off_by="Head teacher", by=teacher, today=TODAY)


def ready(case, by, teacher, signers, partnership, choice="agrees"):
    """Everything there: the answer, the meeting, the summary, three signatures."""
    answered(case, teacher)
    services.hold_meeting(case=case, on=TODAY, by=by, today=TODAY)
    services.summarise(
        case=case,
        summary={"facts": "A child was hurt."},
        proposes="practice_review",
        reasons="There is much to learn.",
        by=by,
    )
    for person in signers.values():
        services.sign(
            case=case,
            choice=choice,
            reasons="The learning is new.",
            by=actor_of(person, partnership),
            today=TODAY,
        )
