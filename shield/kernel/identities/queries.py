"""What is known of a case's names, and where they stand in texts that are to leave its team."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.identities import rules
from shield.kernel.identities.models import Decided, Identity
from shield.kernel.identities.rules import Doubt, Known, Vocabulary
from shield.kernel.records.rules import RecordRef

Texts = Iterable[tuple[str, str]]
"""Texts, each with what it is called on its page."""


def identities(about: RecordRef, actor: Actor) -> QuerySet[Identity]:
    """The people of a case, the children first; nothing for whoever is not in its team."""
    return Identity.objects.visible_to(actor).filter(about_id=about.id)


def known(about: RecordRef, actor: Actor) -> Vocabulary:
    """The names of a case with what was decided of doubtful words; empty for whoever is not in its team."""
    rows = Decided.objects.visible_to(actor).filter(about_id=about.id)
    return _vocabulary(identities(about, actor), rows)


def unresolved(texts: Texts, about: RecordRef, actor: Actor) -> list[Doubt]:
    """Words of texts that could be names of the case and that a person must still decide on."""
    return rules.doubtful(texts, known(about, actor))


def in_plain_sight(
    texts: Texts, partnership_id: uuid.UUID, of: Sequence[uuid.UUID] = ()
) -> list[tuple[str, str]]:
    """Real names in texts that leave a team, and words that could be ones: what they stand in, and the words.

    Of the cases `of` that the texts speak of every name counts, and every word like one. Of the partnership's other
    cases a whole name counts: a child must not be named because the writer does not know the case. The answer is for
    refusals, and does not say whose name it is.
    """
    cases: dict[uuid.UUID, list[Identity]] = {}
    for row in Identity.objects.filter(partnership_id=partnership_id):
        cases.setdefault(row.about_id, []).append(row)
    decided: dict[uuid.UUID, list[Decided]] = {}
    for verdict in Decided.objects.filter(partnership_id=partnership_id, pseudonym=""):
        decided.setdefault(verdict.about_id, []).append(verdict)
    asked = list(texts)
    return [
        (where, hit.text)
        for about_id, rows in cases.items()
        for where, hit in rules.named(asked, _vocabulary(rows, decided.get(about_id, ())))
        if about_id in of or (hit.exact and " " in hit.word)
    ]


def _vocabulary(identities: Iterable[Identity], decided: Iterable[Decided]) -> Vocabulary:
    people: tuple[Known, ...] = tuple(row.known for row in identities)
    return Vocabulary(people, {row.word: row.pseudonym for row in decided})
