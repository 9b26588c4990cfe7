"""What people told Testbury, made through the services."""

from dataclasses import replace
from datetime import date

from shield.domain.voice import services
from shield.kernel.accounts.models import Partnership
from tests.cast import TODAY, make_person

ASKED = date(2019, 6, 3)


def activity(by, title="Interviews at the children's centre", **more):
    given = {"group": "parents", "method": "interview", "people_count": 17, "held_on": ASKED, **more}
    return services.record_activity(title=title, by=by, today=TODAY, **given)


def point(by, activity, text="We do not know where to turn", sort="to_develop", **more):
    return services.add_point(text=text, sort=sort, activity=activity, by=by, **more)


def answered(
    by, activity, we_did="We made a page with every service on it", came=(), published=False, **more
):
    said = point(by, activity, **more)
    made = services.answer(said=said, we_did=we_did, came=came, by=by, today=date(2019, 10, 1))
    if not published:
        return made
    made = services.publish(said=made, published=True, nobody_named=True, by=by)
    return (
        made
        if made.published
        else services.publish(said=made, published=True, nobody_named=True, by=other(by))
    )


def other(by):
    """A colleague of somebody's, with the same rights."""
    return replace(by, person_id=make_person("learning_manager", partnership=partnership(by)).pk)


def partnership(by):
    return Partnership.objects.get(pk=by.partnership_id)


def quotation(by, activity, words="You are not alone any more", scope="", **more):
    made = services.record_quotation(activity=activity, words=words, by=by, **more)
    if scope:
        made = services.record_consent(
            quotation=made,
            consent_by="The centre",
            how="Signed form",
            on=ASKED,
            scope=scope,
            by=by,
            today=TODAY,
        )
    return made
