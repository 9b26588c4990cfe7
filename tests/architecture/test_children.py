"""Whoever may come in without a second factor sees no record that holds what is known of a child."""

from __future__ import annotations

from typing import Any

from shield.kernel.access import queries as access
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import Sensitivity
from shield.project.roles import ROLES
from tests.architecture import world as worlds
from tests.cast import Cast, system

OF_CHILDREN = [kind for kind, model in KINDS.items() if Sensitivity.CHILD in model.sensitivity.values()]


def test_only_roles_with_a_second_factor_see_records_of_children(cast: Cast, actor: Any) -> None:
    worlds.build(cast)
    by = system(cast.testbury)
    there = [kind for kind in OF_CHILDREN if KINDS[kind].objects.visible_to(by).exists()]
    assert {"audits.record", "audits.part"} <= set(there)
    free = set(ROLES) - set(access.roles_that_show_children()) - {"system"}
    assert "practitioner" in free
    for role in free:
        who = actor(role, agency=cast.agencies["school"])
        seen = [kind for kind in there if KINDS[kind].objects.visible_to(who).exists()]
        assert seen == [], role
