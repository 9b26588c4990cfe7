"""Forms on bodies."""

from __future__ import annotations

from datetime import date
from typing import Any

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import permissions as accounts_permissions
from shield.kernel.accounts import queries as accounts
from shield.kernel.design import forms
from shield.meetings import queries, rules
from shield.meetings.forms.fields import agency_field, exactness_field, lines_of
from shield.meetings.models import Body, BodyChange


class BodyForm(forms.ShieldForm):
    """A body: what it is, what it is for, what it is part of."""

    name = forms.PlainTextField(label="Name", missing="Enter the name of the body", max_length=200)
    sort = forms.OneOfField(
        [("", "Select one"), *rules.BodyKind.choices],
        look="select",
        label="Kind",
        missing="Select what kind of body it is",
    )
    purpose = forms.PlainTextField(label="What it is for", required=False, multiline=True, rows=4)
    parent = forms.RecordField(label="Part of", required=False, empty_label="None")
    predecessor = forms.RecordField(label="Took over from", required=False, empty_label="None")
    frequency = forms.PlainTextField(
        label="How often it meets", required=False, max_length=200, help_text="For example, four times a year"
    )
    established_on = forms.DayField(label="Set up on", noun="The day it was set up", required=False)
    ended_on = forms.DayField(label="Ended on", noun="The day it ended", required=False)
    joint_with = forms.PlainTextField(
        label="Joint with", required=False, multiline=True, rows=3, help_text="Other areas, one a line"
    )
    outside = forms.TickField(
        label="A body outside the partnership",
        help_text="It works with the partnership but is not part of it",
    )
    quorum = forms.RecordsField(
        label="Agencies that must be there for a decision", required=False, label_for=lambda a: a.name
    )

    def __init__(self, *arguments: Any, actor: Actor, body: Body | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        others = Body.objects.visible_to(actor)
        others = others.exclude(pk=body.pk) if body else others
        for name, rows in {
            "parent": others,
            "predecessor": others,
            "quorum": accounts.agencies(actor),
        }.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_joint_with(self) -> list[str]:
        """The areas, one a line."""
        return lines_of(self.cleaned_data["joint_with"])

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        apart = {"once", "version", "quorum"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    @staticmethod
    def initial_of(body: Body) -> dict[str, Any]:
        """A body as the form shows it."""
        names = (
            "name",
            "sort",
            "purpose",
            "parent",
            "predecessor",
            "frequency",
            "established_on",
            "ended_on",
            "outside",
        )
        kept = {name: getattr(body, name) for name in names}
        return {**kept, "joint_with": "\n".join(body.joint_with), "quorum": body.quorum.all()}


class MemberForm(forms.ShieldForm):
    """Who takes a seat on a body."""

    role = forms.OneOfField(rules.MemberRole.choices, label="As", initial="member", missing="Select the role")
    agency = agency_field("Agency")
    office = forms.RecordField(
        label="Office", required=False, empty_label="None", label_for=lambda o: o.title
    )
    person = forms.RecordField(label="Person", required=False, empty_label="None")
    stands_in_for = forms.RecordField(
        label="Stands in for",
        required=False,
        empty_label="Nobody: a member in their own right",
        label_for=lambda m: m.heading,
    )
    starts_on = forms.DayField(label="Since", noun="The first day", required=False)

    def __init__(self, *arguments: Any, actor: Actor, body: Body, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        seats = queries.members_on(body, today).filter(stands_in_for__isnull=True)
        self.fields["stands_in_for"].queryset = seats  # type: ignore[attr-defined]
        self.fields["agency"].queryset = accounts.agencies(actor)  # type: ignore[attr-defined]
        self.fields["office"].queryset = accounts.offices(actor)  # type: ignore[attr-defined]
        if actor.may(accounts_permissions.VIEW_PEOPLE):
            self.fields["person"].queryset = accounts.people_of(actor, today)  # type: ignore[attr-defined]
        else:
            del self.fields["person"]


class TermsForm(forms.ShieldForm):
    """The next version of a body's terms of reference."""

    summary = forms.PlainTextField(
        label="What they say, or what changed, in short",
        missing="Enter what the terms of reference say, or what changed",
        multiline=True,
        rows=8,
    )
    text = forms.PlainTextField(
        label="The whole text", required=False, multiline=True, rows=16, max_length=60_000,
        help_text="It starts with the version before, so that only what changes is typed",
    )  # fmt: skip
    agreed_on = forms.DayField(label="Agreed on", noun="The day they were agreed", required=False)
    precision = exactness_field()
    agreed_by = forms.RecordField(label="Agreed by", required=False, empty_label="Not recorded")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["agreed_by"].queryset = Body.objects.visible_to(actor)  # type: ignore[attr-defined]


class ChangeForm(forms.ShieldForm):
    """Something that happened to a body."""

    sort = forms.OneOfField(rules.ChangeKind.choices, label="What happened", missing="Select what happened")
    happened_on = forms.DayField(label="When", noun="The day", required=False)
    precision = exactness_field()
    former_name = forms.PlainTextField(
        label="Earlier name",
        required=False,
        max_length=BodyChange._meta.get_field("former_name").max_length or 200,
    )
    text = forms.PlainTextField(label="In words", missing="Say what happened", multiline=True, rows=3)
