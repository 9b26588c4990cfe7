"""Forms on the partnership, its agencies and people: shape and validation only."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from allauth.account import forms as allauth
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms as django_forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import permissions, queries, rules
from shield.kernel.accounts.models import Agency, Partnership, Person, User
from shield.kernel.design import forms
from shield.kernel.notices.rules import SUMMARY, TEMPLATES, State, Template, When
from shield.kernel.notices.rules import when as when_of
from shield.kernel.records.models import KINDS

BY_SYSTEM = "system"

SUMMARY_WORDS = {When.WEEKLY: "Every Monday"}
"""What the choices are called where the weekly summary itself is chosen."""


def lines_of(text: str) -> list[str]:
    """The lines of a text box that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def role_choices(actor: Actor | None = None) -> list[tuple[str, str]]:
    """The access roles a person may hold, in the order of the table; for an actor, those they may give."""
    return [
        (key, role.label)
        for key, role in access.table().ROLES.items()
        if not role.system and (actor is None or role.by_agency or actor.may(permissions.MANAGE_PEOPLE))
    ]


def role_hints() -> dict[str, str]:
    """What each role is for."""
    return {key: role.purpose for key, role in access.table().ROLES.items() if not role.system}


def agencies_for(actor: Actor) -> QuerySet[Agency]:
    """The agencies into which somebody may bring people: all of them, or their own."""
    rows = queries.agencies(actor)
    return rows if actor.may(permissions.MANAGE_PEOPLE) else rows.filter(pk__in=actor.agency_ids)


class ProfileForm(forms.ShieldForm):
    """What a partnership says of itself."""

    area = forms.PlainTextField(label="Area", required=False, max_length=200)
    vision = forms.PlainTextField(
        label="Vision",
        missing="Enter the vision",
        multiline=True,
        help_text="What children and families can expect",
    )
    values = forms.PlainTextField(label="Values", required=False, multiline=True, help_text="One a line")
    ambitions = forms.PlainTextField(
        label="Ambitions", required=False, multiline=True, rows=8, help_text="One a line"
    )
    launched_on = forms.DayField(label="Launched on", noun="The day it was launched", required=False)

    def clean_values(self) -> list[str]:
        """The values, one a line."""
        return lines_of(self.cleaned_data["values"])

    def clean_ambitions(self) -> list[str]:
        """The ambitions, one a line."""
        return lines_of(self.cleaned_data["ambitions"])

    @staticmethod
    def initial_of(row: Partnership) -> dict[str, Any]:
        """A profile as the form shows it."""
        kept = {"area": row.area, "vision": row.vision, "launched_on": row.launched_on}
        return {**kept, "values": "\n".join(row.values), "ambitions": "\n".join(row.ambitions)}


class AgencyFilter(forms.FilterForm):
    """Which agencies the list shows."""

    sector = forms.OneOfField([("", "Any sector"), *rules.Sector.choices], look="select", label="Sector")
    relevant = forms.OneOfField(
        [
            ("", "Any"),
            ("yes", "Relevant agencies now"),
            ("past", "Were relevant agencies"),
            ("no", "Never were"),
        ],
        look="select",
        label="Relevant agency",
    )
    lead = forms.TickField(label="Lead partners only")


class AgencyForm(forms.ShieldForm):
    """An agency of the partnership."""

    name = forms.PlainTextField(label="Name", missing="Enter the name of the agency", max_length=200)
    short_name = forms.PlainTextField(
        label="Short name", required=False, max_length=60, help_text="As tables and charts call it"
    )
    sector = forms.OneOfField(
        [("", "Select one"), *rules.Sector.choices],
        look="select",
        label="Sector",
        missing="Select the sector",
    )
    lead_partner = forms.OneOfField(
        [
            ("none", "No"),
            *((key, f"Yes: {words.lower()}") for key, words in rules.LeadPartner.choices if key),
        ],
        label="Is it one of the three statutory safeguarding partners?",
        initial="none",
        missing="Say if it is one of the three",
    )
    parent = forms.RecordField(label="Part of", required=False, empty_label="None")
    relevant_from = forms.DayField(
        label="Relevant agency from",
        noun="The first day",
        required=False,
        help_text="The first day on which the published arrangements name it",
    )
    relevant_to = forms.DayField(label="Relevant agency until", noun="The last day", required=False)
    note = forms.PlainTextField(
        label="Note", required=False, multiline=True, rows=3, help_text="Not published"
    )
    sso_only = forms.TickField(
        label="Its people sign in through its own provider only",
        help_text="Holds once single sign-on is set up for this installation; a password then no longer opens",
    )

    def __init__(self, *arguments: Any, actor: Actor, agency: Agency | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        others = queries.agencies(actor)
        self.fields["parent"].queryset = others.exclude(pk=agency.pk) if agency else others  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What the services take."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in {"once", "version"}}
        return {**kept, "lead_partner": "" if kept["lead_partner"] == "none" else kept["lead_partner"]}

    @staticmethod
    def initial_of(row: Agency) -> dict[str, Any]:
        """An agency as the form shows it."""
        names = (
            "name", "short_name", "sector", "parent", "relevant_from", "relevant_to", "note", "sso_only",
        )  # fmt: skip
        return {**{name: getattr(row, name) for name in names}, "lead_partner": row.lead_partner or "none"}


class PersonFilter(forms.FilterForm):
    """Which people the list shows."""

    words = forms.PlainTextField(label="Name", max_length=200)
    role = forms.OneOfField([], look="select", label="Role")
    agency = forms.RecordField(label="Agency", empty_label="Any agency")
    left = forms.TickField(label="Also people who have left")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["role"].choices = [("", "Any role"), *role_choices()]  # type: ignore[attr-defined]
        self.fields["agency"].queryset = queries.agencies(actor)  # type: ignore[attr-defined]


class RoleForm(forms.ShieldForm):
    """An access role for a person."""

    role = forms.OneOfField([], label="Role", missing="Select a role")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["role"].choices = role_choices(actor)  # type: ignore[attr-defined]
        self.fields["role"].hints = role_hints()  # type: ignore[attr-defined]


class PostForm(forms.ShieldForm):
    """The agency a person works for, and as what."""

    agency = forms.RecordField(label="Agency", missing="Select the agency")
    post = forms.PlainTextField(
        label="Post", required=False, max_length=200, help_text="For example, team manager"
    )

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["agency"].queryset = agencies_for(actor)  # type: ignore[attr-defined]


class InvitationForm(forms.ShieldForm):
    """Whom to invite, into which agency, with which roles."""

    email = forms.EmailField(
        label="Email address",
        missing="Enter the email address they will sign in with",
        help_text="Their address at work. They sign in with it",
    )
    agency = forms.RecordField(label="Agency", required=False, empty_label="None")
    post = forms.PlainTextField(
        label="Post", required=False, max_length=200, help_text="For example, team manager"
    )
    roles = forms.SeveralOfField([], label="Roles", missing="Select at least one role")

    def __init__(self, *arguments: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*arguments, **options)
        agency: Any = self.fields["agency"]
        agency.queryset = agencies_for(actor)
        if not actor.may(permissions.MANAGE_PEOPLE):
            agency.required, agency.empty_label = True, None
            agency.error_messages["required"] = "Select the agency"
        self.fields["roles"].choices = role_choices(actor)  # type: ignore[attr-defined]
        self.fields["roles"].hints = role_hints()  # type: ignore[attr-defined]


class InvitationActForm(forms.ShieldForm):
    """What to do with an open invitation."""

    act = forms.OneOfField(
        [("again", "Send it again"), ("withdraw", "Withdraw it")],
        label="What would you like to do?",
        missing="Select what to do",
        hints={
            "again": "With a new link and another seven days; the earlier link stops working",
            "withdraw": "The link stops working at once",
        },
    )


class AcceptForm(forms.ShieldForm):
    """Name and password of somebody who accepts an invitation."""

    name = forms.PlainTextField(label="Your name", missing="Enter your name", max_length=200)
    password1 = django_forms.CharField(
        label="Password",
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password"},
    )
    password2 = django_forms.CharField(
        label="Password, once more",
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the password once more"},
    )

    def __init__(self, *arguments: Any, email: str, with_password: bool = True, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.email = email
        if not with_password:
            del self.fields["password1"], self.fields["password2"]

    def clean(self) -> dict[str, Any]:
        """The same twice, and good enough by the rules of this installation."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords are not the same")
        elif first:
            try:
                validate_password(first, User(email=self.email))
            except ValidationError as problem:
                self.add_error("password1", problem)
        return given


class LeavingForm(forms.ShieldForm):
    """When somebody leaves, why, and who takes over."""

    last_day = forms.DayField(
        label="Last day",
        noun="The last day",
        missing="Enter the last day",
        help_text="Today or earlier: their access ends as soon as you confirm. Later: at the end of that day",
    )
    hand_over_to = forms.RecordField(
        label="Who takes over their open work?",
        required=False,
        empty_label="Nobody yet",
        help_text="Without a name it shows among what has no owner",
    )
    reason = forms.PlainTextField(
        label="Reason",
        missing="Enter the reason",
        max_length=300,
        help_text="For example: new post elsewhere",
    )

    def __init__(self, *arguments: Any, actor: Actor, person: Person, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        others = queries.people_of(actor, today).exclude(pk=person.pk)
        self.fields["hand_over_to"].queryset = others  # type: ignore[attr-defined]


class EmailFilter(forms.FilterForm):
    """Which e-mails the register shows."""

    kind = forms.OneOfField([], look="select", label="Kind")
    state = forms.OneOfField([("", "Any state"), *State.choices], look="select", label="State")
    name = forms.PlainTextField(label="To", max_length=200)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds = sorted((each.label, key) for key, each in TEMPLATES.items() if not each.secret)
        self.fields["kind"].choices = [("", "Every kind"), *((key, label) for label, key in kinds)]  # type: ignore[attr-defined]


class OwnEmailsForm(forms.ShieldForm):
    """When a person gets which kind of e-mail; only what may be chosen is asked."""

    def __init__(self, *arguments: Any, chosen: dict[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        for key, kind in offered_emails():
            words = SUMMARY_WORDS if key == SUMMARY.key else {}
            duty = When.NEVER not in kind.choices
            field = forms.OneOfField(
                [(when.value, words.get(when, when.label)) for when in kind.choices],
                label=kind.label,
                missing="Say when you want this e-mail",
                initial=str(when_of(kind, chosen.get(key))),
                help_text="A statutory duty, so that it cannot be switched off" if duty else "",
            )
            field.inline = True  # type: ignore[attr-defined]
            self.fields[key] = field

    @property
    def choices(self) -> dict[str, str]:
        """What the service takes."""
        return {key: self.cleaned_data[key] for key, _ in offered_emails()}


def offered_emails() -> list[tuple[str, Template]]:
    """The kinds of e-mail about which a person has a choice; the weekly summary last."""
    kinds = [(key, kind) for key, kind in TEMPLATES.items() if kind.may_choose]
    return sorted(kinds, key=lambda pair: (pair[0] == SUMMARY.key, pair[1].label))


class ReasonForm(forms.ShieldForm):
    """Why something is done that needs a reason."""

    reason = forms.PlainTextField(
        label="Reason", missing="Enter the reason", max_length=300, help_text="It is kept in the history"
    )

    def __init__(self, *arguments: Any, label: str = "Reason", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["reason"].label = label


class TeamPersonForm(forms.ShieldForm):
    """Somebody for a team, and why."""

    person = forms.RecordField(label="Who?", missing="Select who", label_for=lambda row: row.name)
    reason = forms.PlainTextField(
        label="Why do they need to know?",
        missing="Say why, in a sentence",
        max_length=500,
        multiline=True,
        rows=3,
    )

    def __init__(
        self, *arguments: Any, people: QuerySet[Person], with_reason: bool = True, reason_label: str = "", **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*arguments, **options)
        cast("forms.RecordField", self.fields["person"]).queryset = people
        if reason_label:
            self.fields["reason"].label = reason_label
        if not with_reason:
            del self.fields["reason"]


class HistoryFilter(forms.FilterForm):
    """Which entries of the history are shown."""

    kind = forms.OneOfField([], look="select", label="Kind of record")
    person = forms.OneOfField([], look="select", label="Person")

    def __init__(self, *arguments: Any, people: list[Person], **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds = sorted(((key, model.label) for key, model in KINDS.items()), key=lambda pair: pair[1])
        everybody = [(str(person.pk), person.name) for person in people]
        self.fields["kind"].choices = [("", "Any kind"), *kinds]  # type: ignore[attr-defined]
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", "Anybody"),
            *everybody,
            (BY_SYSTEM, "Shield itself"),
        ]


# --- Signing in: django-allauth's forms in our words


def _in_our_words(form: Any, labels: dict[str, tuple[str, str]]) -> None:
    """Give a form of allauth's our labels and messages, and take its placeholders away."""
    form.marks_optional = False
    form.label_suffix = ""
    for name, (label, missing) in labels.items():
        if name in form.fields:
            field = form.fields[name]
            field.label, field.help_text = label, ""
            field.error_messages |= {
                "required": missing,
                "invalid": "Enter an email address in the right form, like name@example.org",
            }
            field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth.LoginForm):  # type: ignore[misc]
    """Email address and password."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        words = {
            "login": ("Email address", "Enter your email address"),
            "password": ("Password", "Enter your password"),
        }
        _in_our_words(self, words)


class ForgottenPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _in_our_words(self, {"email": ("Email address", "Enter your email address")})


_CODE = {"code": ("Code", "Enter the code")}


def _for_a_code(form: Any, hint: str) -> None:
    _in_our_words(form, _CODE)
    form.fields["code"].help_text = hint
    form.fields["code"].width = 10
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}


class SecondFactorForm(mfa.AuthenticateForm):  # type: ignore[misc]
    """The code at sign-in."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _for_a_code(self, "From your authenticator app, or one of your recovery codes")


class ConfirmByCodeForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    """The code once more, before something important is changed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _for_a_code(self, "From your authenticator app, or one of your recovery codes")


class ActivateAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _for_a_code(self, "The six digits that the app shows now")


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A passkey's name; the passkey itself comes from the browser."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _in_our_words(self, {"name": ("Name", "Enter a name")})
        self.fields["name"].help_text = "So that you can tell it from others, like “Office laptop”"


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.PlainTextField(label="Name", missing="Enter a name", max_length=60)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _in_our_words(self, {"name": ("Name", "Enter a name")})


class ConfirmByPasswordForm(allauth.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something important is changed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _in_our_words(self, {"password": ("Password", "Enter your password")})


_NEW = {
    "oldpassword": ("Your password now", "Enter the password you have now"),
    "password1": ("New password", "Enter a new password"),
    "password2": ("New password, once more", "Enter the new password once more"),
}


class NewPasswordForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _in_our_words(self, _NEW)


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    """The password now, and a new one, twice."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _in_our_words(self, _NEW)


class FirstPasswordForm(allauth.SetPasswordForm):  # type: ignore[misc]
    """A first password, twice, for somebody who is signed in without one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _in_our_words(self, _NEW)


class UrgentForm(forms.ShieldForm):
    """Which restricted record is opened, and why it cannot wait."""

    reference = forms.PlainTextField(
        label="Reference of the record",
        missing="Enter the reference",
        max_length=40,
        help_text="For example, PAP-0012",
    )
    reason = forms.PlainTextField(
        label="What is at stake, and why can it not wait?",
        missing="Say what is at stake and why it cannot wait",
        help_text="One or two sentences that a reviewer can judge. Do not name children",
        multiline=True,
        rows=4,
        max_length=2000,
    )


class UrgentReviewForm(forms.ShieldForm):
    """Whether an urgent opening was justified."""

    finding = forms.OneOfField(
        rules.Finding.choices, label="Was it justified?", missing="Select whether it was justified"
    )
    words = forms.PlainTextField(
        label="Why, and what follows from it", required=False, multiline=True, rows=4, max_length=2000
    )
