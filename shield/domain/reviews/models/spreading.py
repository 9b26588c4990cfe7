"""How what a case teaches leaves its team: decisions to share it with neighbours."""

from __future__ import annotations

from django.db import models

from shield.domain.reviews import rules
from shield.domain.reviews.models.cases import Case, Filed
from shield.kernel.accounts.models import Person
from shield.kernel.records.rules import Sensitivity
from shield.kernel.sealed.models import SealedText

_INTERNAL, _PERSONAL, _CHILD = Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.CHILD


class Sharing(Filed):
    """A decision on sharing something of a case with a named neighbouring partnership; a refusal is one too."""

    kind = "reviews.sharing"
    label = "Decision on sharing"
    sensitivity = {
        "case": _INTERNAL, "with_whom": _INTERNAL, "what": _CHILD, "basis": _INTERNAL, "choice": _INTERNAL, "reasons": _CHILD,
        "decided_on": _INTERNAL, "decided_by": _PERSONAL,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sharings")
    with_whom = models.CharField(max_length=200)
    what = SealedText(max_length=4000)
    basis = models.CharField(max_length=12, choices=rules.Basis.choices, blank=True)
    """The lawful basis; empty only where sharing was refused."""
    choice = models.CharField(max_length=7, choices=rules.Shares.choices)
    reasons = SealedText(max_length=4000)
    decided_on = models.DateField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["decided_on", "recorded_at"]

    @property
    def heading(self) -> str:
        """What was decided, with whom, on which case."""
        return f"{self.get_choice_display()} with {self.with_whom}, {self.case.pseudonym}"
