"""A board, its meetings and decisions in Testbury, made through the services."""

from datetime import date

from shield.meetings import services
from tests.cast import TODAY

JULY = date(2019, 7, 8)


def board(by, name="Partnership Board", **details):
    """A body; the partnership's board unless said otherwise."""
    return services.add_body(name=name, sort=details.pop("sort", "board"), by=by, **details)


def meeting(by, body=None, on=JULY, **details):
    """A meeting that was held, of a body if one is given."""
    given = {"title": f"Board, {on:%d %B %Y}", "sort": "board_meeting", "today": TODAY, **details}
    return services.record_gathering(held_on=on, body=body, by=by, **given)


def decision(by, gathering, text="Agree the plan", **details):
    """A decision of the meeting's body."""
    given = {"outcome": "agreed", "today": TODAY, **details}
    return services.take_decision(body=gathering.body, gathering=gathering, text=text, by=by, **given)
