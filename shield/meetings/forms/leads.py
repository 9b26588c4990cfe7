"""Forms on who leads on a topic."""

from __future__ import annotations

from datetime import date
from typing import Any

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import permissions as accounts_permissions
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency
from shield.kernel.design import forms
from shield.meetings import permissions, rules
from shield.meetings.models import TopicLead


class LeadsFilter(forms.FilterForm):
    """The leads of which day, on which topic."""

    on = forms.DayField(label="As they stood on", noun="The day")
    topic = forms.OneOfField([("", "Every topic"), *rules.Topic.choices], look="select", label="Topic")


def _post(**options: Any) -> forms.PlainTextField:
    return forms.PlainTextField(
        label="Their post", required=False, max_length=200, help_text="For example, named nurse", **options
    )


def _contact(**options: Any) -> forms.PlainTextField:
    return forms.PlainTextField(
        label="How to reach them at work", required=False, max_length=200,
        help_text="An e-mail address or telephone number; the list of leads shows it", **options,
    )  # fmt: skip


class LeadForm(forms.ShieldForm):
    """Who leads on a topic in an agency."""

    topic = forms.OneOfField(rules.Topic.choices, label="Topic", missing="Select the topic")
    agency = forms.RecordField(label="Agency", missing="Select the agency", empty_label="Select one")
    person = forms.RecordField(label="Person who signs in here", required=False, empty_label="None")
    named = forms.PlainTextField(
        label="Or the name of somebody who does not sign in", required=False, max_length=200
    )
    post = _post()
    contact = _contact()
    starts_on = forms.DayField(label="Leads since", noun="The first day")

    def __init__(self, *arguments: Any, actor: Actor, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        fields: Any = self.fields
        fields["agency"].queryset = accounts.agencies(actor)
        if not actor.may(permissions.EDIT_BODY):
            fields["agency"].queryset = Agency.objects.filter(pk__in=actor.agency_ids).order_by("name")
        if actor.may(accounts_permissions.VIEW_PEOPLE):
            fields["person"].queryset = accounts.people_of(actor, today)
        else:
            del fields["person"]
            fields["named"].label, fields["named"].required = "Name", True
            fields["named"].error_messages["required"] = "Enter the name"


class LeadChangeForm(forms.ShieldForm):
    """The post of a lead, and how to reach them."""

    post = _post()
    contact = _contact()

    @staticmethod
    def initial_of(lead: TopicLead) -> dict[str, Any]:
        """A lead as the form shows it."""
        return {"post": lead.post, "contact": lead.contact}


class LeadEndForm(forms.ShieldForm):
    """The last day of a lead."""

    on = forms.DayField(label="Their last day as lead", noun="The last day")
