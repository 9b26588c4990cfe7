"""A small chain for the tests, made through the services."""

from datetime import date

from shield.improvement import services
from shield.improvement.services import NOBODY, Owner
from tests.cast import TODAY

DECIDED = date(2019, 1, 28)


def priority(by, title="Children missing from home", **more):
    return services.add_priority(title=title, by=by, **{"number": 1, **more})


def recommendation(by, of=None, title="Review return home interviews", accepted=False, **more):
    made = services.add_recommendation(title=title, priority=of or priority(by), by=by, **more)
    if accepted:
        services.record_decision(
            text="Accept it", outcome="agreed", by=by, recommendations=[made], decided_on=DECIDED
        )
        made.refresh_from_db()
    return made


def action(by, text="Hold a young carers forum", agency=None, **more):
    owner = Owner(agency=agency) if agency else NOBODY
    return services.add_action(text=text, owner=owner, by=by, **more)


def finding(by, text="Trends are hard to spot", sort="to_develop", evidence_from="hub_session", **more):
    return services.add_finding(text=text, sort=sort, evidence_from=evidence_from, by=by, **more)


def evidence(by, about, text="Fewer children were missing twice", answers="better_off", **more):
    given = {"sort": "data", "found_on": date(2019, 10, 1), "today": TODAY, **more}
    return services.add_evidence(about=about.ref, text=text, answers=answers, by=by, **given)


def review(by, of):
    """The 6-month review, due on 28 July 2019, and so late today."""
    return services.plan_reviews(priority=of, decided_on=DECIDED, by=by)[0]
