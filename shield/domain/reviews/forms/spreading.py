"""Sharing with neighbours."""

from __future__ import annotations

from shield.domain.reviews import rules
from shield.kernel.design import forms


class SharingForm(forms.ShieldForm):
    """A decision on sharing something of a case with another partnership."""

    with_whom = forms.PlainTextField(
        label="With which partnership?", missing="Enter the partnership", max_length=200
    )
    what = forms.PlainTextField(
        label="What of the case?", missing="Say what of the case", multiline=True, rows=4, max_length=4000,
        help_text="Sealed: only the team of the case reads it.",
    )  # fmt: skip
    choice = forms.OneOfField(
        rules.Shares.choices, label="What was decided?", missing="Select what was decided"
    )
    basis = forms.OneOfField(
        [("", "It is not shared"), *rules.Basis.choices], look="select", required=False,
        label="On which lawful basis, if it is shared?",
    )  # fmt: skip
    reasons = forms.PlainTextField(
        label="Reasons", missing="Give the reasons", multiline=True, rows=4, max_length=4000
    )
    decided_on = forms.DayField(
        label="When was it decided?", missing="Enter when it was decided", noun="The decision"
    )
