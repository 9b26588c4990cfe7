"""People at work in a process of its own, which may be killed at any moment; the killed one's story is what it said.

`python -m tests.flows.at_work write [N]` does act after act, from number N on, until it is ended. `python -m tests.flows.at_work die`
does one act again and again, each in a process that kills itself one statement later than the one before.
Each line on stdout is either `begins N` or, once the act is kept, `kept N KIND ID`.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from typing import Any

BUSINESS = ("What came of the last meeting", "What children told us", "Date of the next")
"""The lines of every meeting that is recorded here."""


def text_of(number: int) -> str:
    """What act number `number` writes; long enough to be torn if anything could tear it."""
    return f"Act {number}: " + "ask each child what has changed for them. " * 8


class Partnership:
    """The partnership that is worked for; found anew in each process."""

    def __init__(self) -> None:
        from shield.kernel.accounts import queries as accounts
        from shield.kernel.accounts.models import Partnership
        from shield.meetings.models import Body

        self.by = accounts.system_actor(Partnership.objects.get(slug="testbury"))
        self.board = Body.objects.get(partnership__slug="testbury")

    def add_action(self, number: int) -> Any:
        """One row and its event, in one transaction."""
        from shield.improvement import services

        return services.add_action(text=text_of(number), by=self.by)

    def record_meeting(self, number: int) -> Any:
        """A meeting with the lines of its agenda and its event, in one transaction."""
        from datetime import timedelta

        from shield.meetings import services
        from tests.cast import TODAY

        return services.record_gathering(
            title=text_of(number)[:150],
            sort="board_meeting",
            body=self.board,
            held_on=TODAY - timedelta(days=number),
            business=[services.Item(line) for line in BUSINESS],
            by=self.by,
            today=TODAY,
        )

    def keep_file(self, number: int) -> Any:
        """A file on the disk, and the row that names it."""
        from shield.kernel.files import services

        content = text_of(number).encode()
        return services.attach(about=self.board.ref, name="note.txt", content=content, by=self.by)


def _say(*words: object) -> None:
    print(*words, flush=True)


def _act(number: int, how: Any) -> None:
    _say("begins", number)
    row = how(number)
    _say("kept", number, row.kind, row.pk)


def write(first: str = "1") -> None:
    """Act after act, of three sorts by turns, until somebody ends this process."""
    at = Partnership()
    by_turns = itertools.cycle((at.add_action, at.record_meeting, at.keep_file))
    for number, how in enumerate(by_turns, start=int(first)):
        _act(number, how)


def die() -> None:
    """Record a meeting in one process after the other; each is killed a statement later, the first after the commit.

    The last one comes to its end because the act has no more statements. Says how each ended.
    """
    import shield.meetings.services  # noqa: F401 - once, not in each of them

    for number in itertools.count():
        if (child := os.fork()) == 0:
            _record_and_die(number)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        _say("ended", number, status)
        if status != -signal.SIGKILL:
            return


def _record_and_die(number: int) -> None:
    from django.db import connection

    from shield.kernel.history import services as history

    at, left = Partnership(), number

    def killed(*words: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    def counting(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal left
        done = execute(sql, params, many, context)
        left -= 1
        return killed() if left == 0 else done

    if number == 0:
        history.anchor = killed  # the first thing that happens after the commit
        left = -1
    with connection.execute_wrapper(counting):
        _act(number, at.record_meeting)


if __name__ == "__main__":
    import django

    django.setup()
    {"write": write, "die": die}[sys.argv[1]](*sys.argv[2:])
