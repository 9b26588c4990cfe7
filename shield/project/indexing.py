"""Making the search index anew: after loading or restoring, and whenever somebody asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from shield.kernel.accounts.models import Partnership
from shield.kernel.search import queries, services

Say = Callable[[str], Any]


def rebuild(partnerships: Iterable[Partnership] | None = None, *, say: Say = lambda line: None) -> int:
    """Read all records anew, of these partnerships or of all, and return how many can be found."""
    chosen = list(partnerships) if partnerships is not None else list(Partnership.objects.order_by("slug"))
    steps, total, started = len(queries.kinds()) * len(chosen), 0, time.monotonic()
    for number, partnership in enumerate(chosen):
        done = number * len(queries.kinds())

        def told(label: str, count: int, slug: str = partnership.slug) -> None:
            nonlocal done
            done += 1
            spent = time.monotonic() - started
            left = spent / done * (steps - done)
            if count:
                say(f"  {done:3} of {steps}  {slug}: {label:<28} {count:7,}  about {left:.0f} s left")

        total += services.rebuild(partnership_id=partnership.pk, say=told)
    return total
