"""The decorator that declares each page's access, and the one way a page performs an act."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from shield.kernel.access.rules import Forbidden, Permission, require
from shield.kernel.calendar.queries import now
from shield.kernel.records.models import KeptForm, Record, SpentToken
from shield.kernel.records.rules import Refused, Stale
from shield.kernel.sealed import rules as sealed

log = logging.getLogger("shield.access")
View = Callable[..., HttpResponse]
KEPT_FOR = timedelta(days=14)
"""How long a form that was set aside waits for its person."""


SAME_MOMENT = (
    "Somebody else saved the same at the same moment, so nothing was saved here. Reload the page and look."
)
SENT_BY_ANOTHER = "Somebody else sent this form from this page already. Reload the page and try again."


@dataclass(frozen=True)
class Declared:
    """What a route lets whom do; read by the decorator and by the generated test."""

    permission: Permission | None = None
    public: bool = False
    signed_in: bool = False
    staff: bool = False
    record: Any = None
    specimen: str = ""
    methods: tuple[str, ...] = ("GET", "POST")
    past: bool = False

    def in_words(self) -> str:
        """The declared access as `shield routes` prints it."""
        if self.public:
            return "public"
        if self.staff:
            return "staff of the installation"
        if self.permission:
            return self.permission.key
        return "signed in"


def page(
    permission: Permission | None = None,
    *,
    record: Any = None,
    public: bool = False,
    signed_in: bool = False,
    staff: bool = False,
    specimen: str = "",
    methods: tuple[str, ...] = ("GET", "POST"),
    past: bool = False,
) -> Callable[[View], View]:
    """Declare a page's access and enforce it.

    With `record=Model` the route has an `id`: the row is fetched through `visible_to` (404 if it is not
    visible), then the permission is checked (403 with the reason), then that somebody looked is noted if the kind
    is traced, then the view receives the row.
    `specimen` names the object the generated access test uses, if it is not the record's kind. A method that is
    not among `methods` is answered with 405 before anything else is asked. With `past` the page also opens a record
    that was taken back, to say why.
    """
    declared = Declared(
        permission, public, signed_in, staff, record, specimen or getattr(record, "kind", ""), methods, past
    )

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in {*declared.methods, "HEAD", "OPTIONS"}:
                return HttpResponseNotAllowed(declared.methods)
            refused = _refusal(request, declared)
            if refused is not None:
                return refused
            if record is not None:
                row = _fetch(request, declared, kwargs.pop("id"))
                if row is None:
                    return redirect_to_login(request.get_full_path())
                args = (row, *args)
            if permission is not None:
                require(request.actor, permission)
            if record is not None:
                _trace(request, row)
            return view(request, *args, **kwargs)

        guarded.declared = declared  # type: ignore[attr-defined]
        return guarded

    return decorate


NoteRead = Callable[..., Any]
_note_read: list[NoteRead] = []


def trace_reads_by(note_read: NoteRead) -> None:
    """Say who writes down that a traced record was opened; the history does, which stands above."""
    _note_read[:] = [note_read]


def _trace(request: Any, row: Any) -> None:
    """Whoever opens a page on a traced record is in the record of reads before they see it; an act has its own event."""
    if getattr(row, "traced", False) and request.method in {"GET", "HEAD"}:
        for note_read in _note_read:
            note_read(of=row.ref, by=request.actor, purpose="opened a page")


def _fetch(request: Any, declared: Declared, wanted: Any) -> Any:
    """The record that a page is about, through `visible_to`; None if whoever is not signed in must sign in first."""
    rows = declared.record.objects.open_to if declared.past else declared.record.objects.visible_to
    row = rows(request.actor).filter(pk=wanted).first()
    if row is None and not request.actor.is_public:
        _trace_refusal(request.actor, declared.record, wanted)
        raise Http404
    return row


def _trace_refusal(actor: Any, model: Any, wanted: Any) -> None:
    """Whoever asks for a traced record that is not theirs to see is in the record of reads, though they are told nothing."""
    if not (issubclass(model, Record) and model.traced):
        return
    row = model.objects.filter(pk=wanted, partnership_id=actor.partnership_id).first()
    if row is not None:
        for note_read in _note_read:
            note_read(of=row.ref, by=actor, purpose="asked for a page and was refused")


def _refusal(request: Any, declared: Declared) -> HttpResponse | None:
    """The answer when this person may not come in at all; None if they may."""
    if declared.public:
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if declared.staff:
        if not request.user.is_staff:
            raise Http404
        return None
    if request.actor is None or request.actor.is_public:
        if declared.signed_in and request.partnership is None:
            return None
        raise Http404
    return None


def submit(
    request: Any, form: Any, act: Callable[[], Any], then: Callable[[Any], str], *, said: str = ""
) -> HttpResponse | None:
    """Perform one act from a valid form, once, and redirect; None if the page must be shown again.

    A token already spent leads where the first submission led; one that somebody else spent is refused. A refusal
    or a validation error becomes a message of the form; a newer edit by somebody else fills `form.conflict`.
    Nothing is half-done: token and act share one transaction.
    """
    token = form.cleaned_data.get("once") or ""
    try:
        with transaction.atomic():
            if token:
                SpentToken.objects.create(token=token, person_id=request.actor.person_id)
            result = act()
            where = then(result)
            if token:
                SpentToken.objects.filter(token=token).update(led_to=where)
            if getattr(form, "set_aside", None):
                forget(request)
    except IntegrityError as problem:
        spent = SpentToken.objects.filter(token=token).first() if token else None
        if spent is None:
            if not _is_a_second_one(problem):
                raise
            log.exception("An act on %s ended in a conflict.", request.path)
            form.refuse(SAME_MOMENT)
            return None
        if spent.person_id != request.actor.person_id:
            form.refuse(SENT_BY_ANOTHER)
            return None
        return HttpResponseRedirect(spent.led_to or request.path)
    except Stale as stale:
        now = stale.current
        form.clash_with({name: _stored(now, name) for name in form.fields if hasattr(now, name)}, now.version)
        return None
    except Refused as refusal:
        form.refuse(refusal.message, refusal.field)
        return None
    except ValidationError as problem:
        _explain(form, problem)
        return None
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(where)


def perform(
    request: Any, form: Any, act: Callable[[], Any], then: Callable[[Any], str], *, title: str, said: str = "",
    template: str = "design/act.html", **context: Any,
) -> HttpResponse:  # fmt: skip
    """The page of one act: its form, or the page that it leads to once it is done.

    `context` may give `page_caption`, `breadcrumbs`, `cancel_href`, `submit_text`, and `intro`, the paragraphs above
    the form.
    """
    if request.method == "POST" and form.is_valid():
        if done := submit(request, form, act, then, said=said):
            return done
    return render(request, template, {"page_title": title, "form": form, **context})


def _is_a_second_one(problem: IntegrityError) -> bool:
    """Whether the database refused a row because there is one like it already: what two people do at one moment."""
    return getattr(problem.__cause__, "sqlstate", "") == "23505" or "UNIQUE constraint" in str(problem)


def _stored(row: Any, name: str) -> Any:
    """A stored value as a form would hold it: the key of a relation, the keys of several."""
    field = row._meta.get_field(name) if name in {f.name for f in row._meta.get_fields()} else None
    if field is not None and field.many_to_many:
        return [str(pk) for pk in getattr(row, name).values_list("pk", flat=True)]
    if field is not None and field.many_to_one:
        return str(getattr(row, field.attname) or "")
    return getattr(row, name)


def _explain(form: Any, problem: ValidationError) -> None:
    by_field = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
    for name, texts in by_field.items():
        for text in texts:
            form.refuse(text, name if name in form.fields else None)


def set_aside(request: Any, where: str) -> HttpResponse:
    """Keep what was typed on this page for the person's return, as it is and unjudged, and lead elsewhere."""
    kept_at = now()
    KeptForm.objects.filter(kept_at__lt=kept_at - KEPT_FOR).delete()
    KeptForm.objects.update_or_create(
        person_id=request.actor.person_id,
        path=request.path,
        defaults={
            "typed": sealed.seal(_keys(), request.POST.urlencode(), _place(request)),
            "kept_at": kept_at,
        },
    )
    return HttpResponseRedirect(where)


def resume(request: Any, form: Any) -> None:
    """Put into a fresh form what its person had typed here before they left; `form.set_aside` says since when."""
    kept = KeptForm.objects.filter(
        person_id=request.actor.person_id, path=request.path, kept_at__gte=now() - KEPT_FOR
    ).first()
    if kept is None:
        return
    try:
        typed = sealed.unseal(_keys(), kept.typed, _place(request))
    except sealed.Unreadable:
        return  # sealed with a key that is gone: what was typed cannot be had back, and the page begins empty
    form.set_aside = kept.kept_at
    if request.method == "GET":
        form.take_up(QueryDict(typed))


def _keys() -> sealed.KeyRing:
    return sealed.ring(Path(settings.SHIELD_KEYS))


def _place(request: Any) -> str:
    """What a kept form belongs to: sealed for one person and one page, it opens for no other."""
    return f"records.kept_form.typed:{request.actor.person_id}:{request.path}"


def forget(request: Any) -> None:
    """Throw away what was kept for this person on this page."""
    KeptForm.objects.filter(person_id=request.actor.person_id, path=request.path).delete()


def back(request: HttpRequest, otherwise: str) -> str:
    """Where the person came from, if that is a page of this site; else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return otherwise


__all__ = [
    "Declared",
    "Forbidden",
    "back",
    "forget",
    "page",
    "perform",
    "resume",
    "set_aside",
    "submit",
    "trace_reads_by",
]
