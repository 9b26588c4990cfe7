"""Filters above the lists of the chain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shield.improvement import rules
from shield.kernel.design import forms

Choices = Iterable[tuple[str, str]]


def _select(label: str, choices: Choices = ()) -> forms.OneOfField:
    return forms.OneOfField(choices, look="select", label=label)


class _Filter(forms.FilterForm):
    """Filters whose choices the view gives, by field name."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        offered: dict[str, Choices] = options.pop("offered", {})
        super().__init__(*arguments, **options)
        for name, choices in offered.items():
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


class BreakFilter(_Filter):
    """Above the breaks in the chain."""

    kind = _select("Kind of break", [(each.value, each.label) for each in rules.BreakSort])
    priority = _select("Priority")
    late = forms.TickField(label="Late only")

    def __init__(self, *arguments: Any, others: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        kind: Any = self.fields["kind"]
        kind.choices = [*kind.choices, *((label, label) for label in others)]


class ActionFilter(_Filter):
    """Above the actions."""

    status = _select("Where it stands", [("open", "Not finished"), *rules.ActionStatus.choices])
    priority = _select("Priority")
    agency = _select("Agency that answers for it")
    late = forms.TickField(label="Late only")
    nobody = forms.TickField(label="Without an owner only")


class FindingFilter(_Filter):
    """Above the findings."""

    found = _select("Working well or to develop", rules.FindingSort.choices)
    source = _select("Where it comes from", rules.EvidenceFrom.choices)
    priority = _select("Priority")
    theme = _select("Theme")


class RecommendationFilter(_Filter):
    """Above the recommendations."""

    priority = _select("Priority")
    status = _select("Where it stands", rules.RecommendationStatus.choices)
