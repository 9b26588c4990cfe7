"""The answer to a request: put together, frozen, downloaded by the manager who answers."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from datetime import date, datetime

from django.db import transaction

from shield.kernel.access.rules import Actor
from shield.kernel.documents.exchange import html, pdf
from shield.kernel.documents.rules import blocks as b
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.kernel.retention import events
from shield.kernel.retention.models import SubjectItem, SubjectRequest, ring
from shield.kernel.retention.rules import mentions, package
from shield.kernel.retention.rules import requests as rules
from shield.kernel.retention.rules.package import Answer, Given
from shield.kernel.retention.rules.requests import Decision, RequestStatus
from shield.kernel.retention.services import requests
from shield.kernel.sealed import rules as sealed

MEMBERS = {"pdf": "answer.pdf", "html": "answer.html", "json": "answer.json"}
FORMATS = {"zip": "application/zip", "pdf": "application/pdf"}
_STAMP = (1980, 1, 1, 0, 0, 0)


def _place(row: SubjectRequest) -> str:
    return f"retention.subject_request.package:{row.pk}"


def _given(item: SubjectItem) -> Given:
    """An item as it leaves; of one that is withheld not even its text is read."""
    base = {"number": item.number, "where": item.where, "relation": item.relation, "since": item.since}
    if item.decision == Decision.WITHHOLD:
        return Given(**base, text="", exemption=item.exemption)  # type: ignore[arg-type]
    hidden = [
        (s, e)
        for party in item.third_parties.all()
        if party.decision != Decision.DISCLOSE
        for s, e in party.spans
    ]
    return Given(**base, text=mentions.redacted(item.text, hidden), redactions=len(hidden))  # type: ignore[arg-type]


def draft_answer(*, request: SubjectRequest, by: Actor, today: date) -> Answer:
    """The answer as it would leave now; for its owner's second look, and for the release itself."""
    requests.require_owner(row=request, by=by)
    items = request.items.prefetch_related("third_parties").order_by("number")
    return Answer(
        request.reference,
        request.partnership.name,
        request.person.name,
        request.received_on,
        today,
        tuple(map(_given, items)),
    )


@transaction.atomic
def release_answer(
    *, request: SubjectRequest, by: Actor, today: date, now: datetime, expected_version: int | None = None
) -> SubjectRequest:  # fmt: skip
    """Freeze the answer with its fingerprint. From now on nothing of it changes; what is downloaded is exactly this."""
    row = requests.locked(row=request, by=by, expected_version=expected_version)
    rules.check_move(row.status, RequestStatus.RELEASED)
    answer = draft_answer(request=row, by=by, today=today)
    packed = _packed(answer, package.document(answer), now)
    row.digest = hashlib.sha256(packed).hexdigest()
    row.package = sealed.seal(ring(), base64.b64encode(packed).decode(), _place(row))
    row.status, row.released_at, row.released_by, row.closed_on = (
        RequestStatus.RELEASED,
        now,
        by.person_name,
        today,
    )
    row.store()
    history.record(
        events.REQUEST_RELEASED, on=row.ref, by=by, details={"digest": row.digest, "items": len(answer.items)}
    )
    return row


def _packed(answer: Answer, document: b.Document, now: datetime) -> bytes:
    """A ZIP of the answer in three forms; no name in it says whose it is."""
    contents = {
        "pdf": pdf.pdf(document, at=now),
        "html": html.page(document).encode(),
        "json": json.dumps(package.data(answer), ensure_ascii=False, indent=2, sort_keys=True).encode(),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, content in contents.items():
            archive.writestr(zipfile.ZipInfo(MEMBERS[key], _STAMP), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


@transaction.atomic
def download_answer(*, request: SubjectRequest, format: str, by: Actor) -> bytes:
    """What was released, for the manager who answers; that it was fetched is in the history before they have it."""
    requests.require_owner(row=request, by=by)
    if request.status != RequestStatus.RELEASED or format not in FORMATS:
        raise Refused("There is no such answer.")
    packed = base64.b64decode(sealed.unseal(ring(), request.package, _place(request)))
    if hashlib.sha256(packed).hexdigest() != request.digest:
        raise Refused("The answer is not the one that was released: its fingerprint does not fit.")
    history.record(events.REQUEST_DOWNLOADED, on=request.ref, by=by, details={"format": format})
    if format == "zip":
        return packed
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read(MEMBERS[format])
