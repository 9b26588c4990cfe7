"""Sorting findings under themes, several in one act."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from shield.improvement import events, permissions
from shield.improvement.models import Finding, Priority, Theme
from shield.improvement.services.learning import add_theme
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, fold


@transaction.atomic
def put_under(
    *, findings: Sequence[Finding], by: Actor, theme: Theme | None = None, title: str = "", priority: Priority | None = None
) -> Theme:  # fmt: skip
    """Put findings under a theme, or under a new one by its title; what is under it already stays as it is.

    A title that a theme of the same priority bears already, in whatever case, means that theme. Returns the theme.
    """
    access.require(by, permissions.EDIT)
    if not findings:
        raise Refused("Tick at least one finding.", "findings")
    if theme is None:
        theme = _theme_of(title, priority, by)
    for finding in _locked(findings, by):
        if not finding.themes.filter(pk=theme.pk).exists():
            finding.link("themes", [*finding.themes.all(), theme])
            _tell(finding, f"put under “{theme.title}”", by)
    return theme


@transaction.atomic
def take_out(*, finding: Finding, theme: Theme, by: Actor) -> Finding:
    """Take a finding out of a theme; the finding stays on record, without it if that was its last."""
    access.require(by, permissions.EDIT)
    [row] = _locked([finding], by)
    if not row.themes.filter(pk=theme.pk).exists():
        raise Refused("It is not under this theme any more.")
    row.link("themes", [each for each in row.themes.all() if each.pk != theme.pk])
    _tell(row, f"taken out of “{theme.title}”", by)
    return row


@transaction.atomic
def move(*, finding: Finding, out_of: Theme, into: Theme, by: Actor) -> Finding:
    """Move a finding from one theme to another in one act."""
    put_under(findings=[finding], theme=into, by=by)
    return take_out(finding=finding, theme=out_of, by=by)


def _theme_of(title: str, priority: Priority | None, by: Actor) -> Theme:
    wanted = " ".join(title.split())
    if not wanted:
        raise Refused("Choose a theme, or type a new one.", "theme")
    if priority is not None:  # two people who type the same new theme at one moment make one
        Priority.objects.locked(priority.pk, by=by)
    same = Theme.objects.standing().filter(partnership_id=by.partnership_id, priority=priority)
    found = [each for each in same if fold(each.title) == fold(wanted)]
    return found[0] if found else add_theme(title=wanted, priority=priority, by=by)


def _locked(findings: Sequence[Finding], by: Actor) -> list[Finding]:
    """In the order of their keys, so that two people who sort at once never wait for each other in a ring."""
    return [Finding.objects.locked(pk, by=by) for pk in sorted({finding.pk for finding in findings})]


def _tell(finding: Finding, change: str, by: Actor) -> None:
    finding.store()
    history.record(events.FINDING_SORTED, on=finding.ref, by=by, details={"change": change})
