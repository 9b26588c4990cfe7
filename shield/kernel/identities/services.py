"""Acts on the vault; the history of each says that something was kept or changed, never a name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.accounts.models import Team
from shield.kernel.history import services as history
from shield.kernel.identities import events, permissions, queries, rules
from shield.kernel.identities.models import Decided, Identity
from shield.kernel.records.rules import RecordRef, Refused

WORDS = {
    "pseudonym": "pseudonym", "relation": "place in the case", "is_child": "whether a child", "names": "names",
    "births": "dates of birth", "numbers": "numbers", "notes": "notes",
}  # fmt: skip
"""What the history calls what was changed."""
MOST_NAMES = 30
LONGEST_NAME = 120


@transaction.atomic
def add(
    *, about: RecordRef, team: Team, pseudonym: str, names: Sequence[str], by: Actor, relation: str = "",
    is_child: bool = False, births: Sequence[date] = (), numbers: Mapping[str, str] | None = None, notes: str = "",
) -> Identity:  # fmt: skip
    """Put a person of a case into the vault, by somebody of its team."""
    access.require(by, permissions.KEEP)
    if not by.works_in(team.pk):
        raise Forbidden("Only the team of this case keeps its names.")
    return take_in(
        about=about, team=team, pseudonym=pseudonym, names=names, by=by, relation=relation, is_child=is_child, births=births,
        numbers=numbers, notes=notes,
    )  # fmt: skip


@transaction.atomic
def take_in(
    *, about: RecordRef, team: Team, pseudonym: str, names: Sequence[str], by: Actor, relation: str = "",
    is_child: bool = False, births: Sequence[date] = (), numbers: Mapping[str, str] | None = None, notes: str = "",
) -> Identity:  # fmt: skip
    """Put a person into the vault as part of the act that opens a case; whoever refers a child is not in its team."""
    kept = _names(names)
    _check_pseudonym(about.id, pseudonym, kept)
    row = Identity.new(
        by, about_kind=about.kind, about_id=about.id, team=team, pseudonym=pseudonym.strip(), relation=relation,
        is_child=is_child, names=kept, births=[day.isoformat() for day in births],
        numbers=dict(numbers or {}), notes=notes,
    ).store()  # fmt: skip
    history.record(events.ADDED, on=row.ref, by=by)
    history.record(events.ADDED, on=RecordRef(about.kind, about.id, row.pseudonym), by=by)
    return row


@transaction.atomic
def change(*, identity: Identity, by: Actor, expected_version: int | None = None, **changes: Any) -> Identity:
    """Change what is kept of somebody: names and spellings, dates of birth, numbers, their place in the case."""
    _in_team(identity, by)
    row: Identity = Identity.objects.locked(identity.pk, expected_version, by=by)
    if "names" in changes:
        changes["names"] = _names(changes["names"])
    if "births" in changes:
        changes["births"] = [day.isoformat() for day in changes["births"]]
    if {"pseudonym", "names"} & set(changes):
        changes["pseudonym"] = str(changes.get("pseudonym", row.pseudonym)).strip()
        _check_pseudonym(row.about_id, changes["pseudonym"], changes.get("names", row.names), but=row.pk)
    before = row.pseudonym
    made = row.amend(changes)
    if made:
        row.store()
        _follow(row, before)
        fields = ", ".join(WORDS[name] for name in made)
        history.record(events.CHANGED, on=row.ref, by=by, details={"what": fields})
    return row


@transaction.atomic
def decide(*, about: RecordRef, team: Team, words: Mapping[str, str], by: Actor) -> list[Decided]:
    """Say of doubtful words whose name each is (a pseudonym of the case) or, by an empty text, that it is no name.

    A later verdict on the same word takes the place of the one before.
    """
    access.require(by, permissions.KEEP)
    if not by.works_in(team.pk):
        raise Forbidden("Only the team of this case decides on its names.")
    Team.objects.locked(team.pk, by=by)  # two who decide at once must not keep two verdicts on one word
    pseudonyms = {row.pseudonym for row in Identity.objects.filter(about_id=about.id, team=team)}
    if unknown := [one for one in words.values() if one and one not in pseudonyms]:
        raise Refused(f"Nobody in this case is called {unknown[0]}.")
    standing = {row.word: row for row in Decided.objects.filter(about_id=about.id, team=team)}
    made = []
    for word, pseudonym in words.items():
        row = standing.get(word) or Decided.new(
            by, about_kind=about.kind, about_id=about.id, team=team, word=word
        )
        row.pseudonym = pseudonym
        made.append(row.store())
    if made:
        names = sum(bool(row.pseudonym) for row in made)
        how = f"{names} are names, {len(made) - names} are not"
        told = {"count": str(len(made)), "how": how}
        history.record(events.DECIDED, on=RecordRef(about.kind, about.id, team.title), by=by, details=told)
    return made


def require_no_names(*, texts: Mapping[str, str], by: Actor, of: Sequence[uuid.UUID] = ()) -> None:
    """Refuse to let texts leave a team while a real name, or a word that could be one, stands in them.

    `texts` are named as on the page, `of` are the cases they speak of. The refusal says which words; it never says
    whose name it is.
    """
    found = queries.in_plain_sight(texts.items(), by.partnership_id, of)
    if not found:
        return
    where = found[0][0]
    said = list(dict.fromkeys(f"“{text}”" for place, text in found if place == where))
    more = "" if len(said) == 1 else f" and {len(said) - 1} more"
    raise Refused(
        f"{where} holds {said[0]}{more}, which is or could be the name of somebody in a case. Nothing went out. "
        "Put the pseudonym there, or let the team of the case say in its list of names that this word is no name."
    )


def _follow(row: Identity, before: str) -> None:
    """What was decided of words goes with the pseudonym that was changed."""
    if before != row.pseudonym:
        for verdict in Decided.objects.filter(about_id=row.about_id, pseudonym=before):
            verdict.pseudonym = row.pseudonym
            verdict.store()


def _check_pseudonym(
    about_id: uuid.UUID, pseudonym: str, names: Sequence[str], but: uuid.UUID | None = None
) -> None:
    """Refuse a pseudonym that another person of the case has, or that holds the name of anybody in it."""
    others = [row for row in Identity.objects.filter(about_id=about_id) if row.pk != but]
    if any(row.pseudonym.casefold() == pseudonym.strip().casefold() for row in others):
        raise Refused("Somebody in this case has this pseudonym already.", "pseudonym")
    if rules.find_names(pseudonym, [rules.Known("", tuple(names)), *(row.known for row in others)]):
        raise Refused("The pseudonym holds a name of this case, or nearly so: choose another.", "pseudonym")


def _in_team(row: Identity, by: Actor) -> None:
    access.require(by, permissions.KEEP)
    if not by.works_in(row.team_id):
        raise Forbidden("Only the team of this case changes its names.")


def _names(names: Sequence[str]) -> list[str]:
    """The names as they are kept: each once, the full one first; Refused where one can never be found."""
    kept = list(dict.fromkeys(re.sub(r"\s+", " ", name).strip() for name in names if name.strip()))
    if not kept:
        raise Refused("Enter at least one name.", "names")
    if len(kept) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in kept):
        raise Refused(f"Enter at most {MOST_NAMES} names of at most {LONGEST_NAME} letters.", "names")
    if not rules.Known("", tuple(kept)).parts:
        raise Refused(
            f"A name needs a word of at least {rules.SHORTEST} letters, else it cannot be found.", "names"
        )
    return kept
