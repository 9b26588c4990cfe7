"""The form on who came to a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from shield.kernel.accounts.models import Agency
from shield.kernel.design import forms
from shield.kernel.records.rules import COUNT_LIMIT, fold
from shield.meetings import rules
from shield.meetings.models import Attendance, Gathering

MOST_NAMES = 500


@dataclass(frozen=True)
class Named:
    """One person on the register as typed: name, agency, how they took part."""

    name: str
    agency: Agency | None
    presence: str


PRESENCE_WORDS = {
    "present": "present",
    "apologies": "apologies",
    "sent apologies": "apologies",
    "apology": "apologies",
    "substitute": "substitute",
    "sent a substitute": "substitute",
    "absent": "absent",
}


class AttendanceForm(forms.ShieldForm):
    """Who came: how many, which agencies, which people."""

    attendance_count = forms.WholeNumberField(
        label="Number of people attending",
        required=False,
        min_value=0,
        max_value=COUNT_LIMIT,
        help_text="Leave empty to count the names below",
    )
    names = forms.PlainTextField(
        label="People",
        required=False,
        multiline=True,
        rows=12,
        max_length=60_000,
        help_text="One person a line: name, agency, then present, apologies, substitute or absent. "
        "Without the last word the person was present. For example: Jo Bell, Libraries, apologies",
    )

    def __init__(
        self, *arguments: Any, agencies: Iterable[Agency], every_agency: Iterable[Agency], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.agencies = list(agencies)
        self._known = {
            fold(name): agency
            for agency in every_agency
            for name in (
                agency.name,
                agency.short_name,
                agency.get_lead_partner_display() if agency.lead_partner else "",
            )
            if name
        }
        for agency in self.agencies:
            self.fields[f"agency_{agency.pk.hex}"] = forms.OneOfField(
                [*rules.Presence.choices, ("none", "Not recorded")],
                label=agency.name,
                required=False,
                initial="none",
            )

    @property
    def grid(self) -> list[Any]:
        """One field an agency."""
        return [self[f"agency_{agency.pk.hex}"] for agency in self.agencies]

    @property
    def by_agency(self) -> list[tuple[Agency, str]]:
        """How each agency took part, those left open not at all."""
        chosen = ((a, self.cleaned_data.get(f"agency_{a.pk.hex}") or "none") for a in self.agencies)
        return [(agency, presence) for agency, presence in chosen if presence != "none"]

    def clean_names(self) -> list[Named]:
        """Every line read, or what is wrong with each that cannot be."""
        found: list[Named] = []
        faults: list[str] = []
        seen: set[tuple[str, Any]] = set()
        for number, line in enumerate(self.cleaned_data["names"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                one = self._person(line)
            except ValidationError as problem:
                faults.append(f"Line {number}: {problem.message}")
                continue
            key = (fold(one.name), one.agency and one.agency.pk)
            if key in seen:
                faults.append(f"Line {number}: {one.name} is on the list twice")
            seen.add(key)
            found.append(one)
        if len(found) > MOST_NAMES:
            faults.append(f"The list must have {MOST_NAMES} people or fewer")
        if faults:
            raise ValidationError(faults[:10])
        return found

    def _person(self, line: str) -> Named:
        parts = [part.strip() for part in line.split(",")]
        presence = rules.Presence.PRESENT.value
        if len(parts) > 1 and fold(parts[-1]) in PRESENCE_WORDS:
            presence = PRESENCE_WORDS[fold(parts.pop())]
        name, agency = parts[0], ", ".join(parts[1:])
        if not name:
            raise ValidationError("the name is missing")
        if len(name) > 200:
            raise ValidationError("the name must be 200 characters or fewer")
        return Named(name, self._agency(agency) if agency else None, presence)

    def _agency(self, typed: str) -> Agency:
        """The agency of this name, or the only one whose name holds these words."""
        exact = self._known.get(fold(typed))
        if exact is not None:
            return exact
        words = fold(typed).split()
        near = {
            agency.pk: agency for name, agency in self._known.items() if all(word in name for word in words)
        }
        if len(near) == 1:
            return next(iter(near.values()))
        if near:
            names = ", ".join(sorted(agency.name for agency in near.values())[:4])
            raise ValidationError(f"“{typed[:80]}” could be {names}: write more of its name")
        raise ValidationError(f"there is no agency “{typed[:80]}” in this partnership")

    @staticmethod
    def initial_of(gathering: Gathering, register: Iterable[Attendance]) -> dict[str, Any]:
        """The register as the form shows it."""
        lines, agencies = [], {}
        for line in register:
            if rules.counts_as_somebody(person=line.person, office=line.office, named=line.named):
                agency = f", {line.agency.name}" if line.agency else ""
                lines.append(f"{line.heading}{agency}, {line.presence}")
            elif line.agency_id:
                agencies[f"agency_{line.agency_id.hex}"] = line.presence
        return {"attendance_count": gathering.attendance_count, "names": "\n".join(lines), **agencies}
