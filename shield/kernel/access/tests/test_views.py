"""How every page answers, and the one way in which a page performs an act."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from shield.kernel.access import views
from shield.kernel.access.rules import PERMISSIONS, Forbidden
from shield.kernel.calendar.queries import now
from shield.kernel.design import forms
from shield.kernel.records.models import KINDS, KeptForm, SpentToken
from shield.kernel.records.rules import Refused, Stale

VIEW, EDIT = PERMISSIONS["clocks.view"], PERMISSIONS["clocks.change"]
Agency = KINDS["accounts.agency"]


class TitleForm(forms.ShieldForm):
    name = forms.PlainTextField(label="Name", missing="Enter the name")


@pytest.fixture
def ask(partnership):
    """A request by somebody, as the middleware prepares it."""

    def make(actor=None, signed_in=True, data=None, is_staff=False, here=partnership):
        request = RequestFactory().post("/x", data) if data is not None else RequestFactory().get("/x")
        request.user = (
            type("User", (), {"is_authenticated": True, "is_staff": is_staff})()
            if signed_in
            else AnonymousUser()
        )
        request.actor, request.partnership = actor, here
        request.session = {}
        request._messages = FallbackStorage(request)
        return request

    return make


def shown(request, *args, **kwargs):
    return HttpResponse("shown " + " ".join(str(a) for a in args))


@pytest.mark.parametrize(
    ("role", "answer"), [("business_manager", 200), ("safeguarding_partner", 403), ("practitioner", 403)]
)
def test_a_page_with_a_permission(ask, actor, role, answer):
    view = views.page(EDIT)(shown)
    if answer == 200:
        assert view(ask(actor(role))).status_code == 200
    else:
        with pytest.raises(Forbidden, match="does not include"):
            view(ask(actor(role)))


def test_signed_out_is_sign_in_whether_it_exists_or_not(ask, actor, agencies):
    view = views.page(VIEW, record=Agency)(shown)
    for pk in (agencies["school"].pk, agencies["school"].partnership_id):
        assert "/sign-in" in view(ask(actor("public"), signed_in=False), id=pk).url


def test_a_record_that_is_not_visible_does_not_exist(ask, actor, agencies, otherton):
    view = views.page(VIEW, record=Agency)(shown)
    assert view(ask(actor("business_manager")), id=agencies["school"].pk).content == b"shown Hillside School"
    with pytest.raises(Http404):
        view(ask(actor("business_manager", partnership=otherton)), id=agencies["school"].pk)


def test_a_record_that_is_visible_but_not_to_be_changed_is_refused_with_the_reason(ask, actor, agencies):
    with pytest.raises(Forbidden, match="pause, extend"):
        views.page(EDIT, record=Agency)(shown)(ask(actor("scrutineer")), id=agencies["school"].pk)


def test_signed_in_without_a_role_here_there_is_nothing(ask):
    for declared in ({"signed_in": True}, {"permission": VIEW}):
        with pytest.raises(Http404):
            views.page(**declared)(shown)(ask(None))


def test_a_page_outside_partnerships_is_for_whoever_is_signed_in(ask):
    view = views.page(signed_in=True)(shown)
    assert view(ask(None, here=None)).status_code == 200
    assert "/sign-in" in view(ask(None, signed_in=False, here=None)).url


def test_a_page_for_staff_does_not_exist_for_others(ask):
    view = views.page(staff=True)(shown)
    assert view(ask(None, is_staff=True)).status_code == 200
    with pytest.raises(Http404):
        view(ask(None))


def test_a_public_page_is_for_everybody(ask):
    assert views.page(public=True)(shown)(ask(None, signed_in=False)).status_code == 200


def test_a_page_declares_what_it_lets_whom_do():
    assert views.page(EDIT, record=Agency)(shown).declared.specimen == "accounts.agency"
    words = [
        views.page(**d)(shown).declared.in_words()
        for d in ({"public": True}, {"staff": True}, {"permission": EDIT}, {"signed_in": True})
    ]
    assert words == ["public", "staff of the installation", "clocks.change", "signed in"]


@pytest.fixture
def send(ask, actor):
    """Submit a form; returns the answer and the form."""
    who = actor("business_manager")

    def submit(act, data=None, version=None, by=who):
        request = ask(by, data={"name": "Hillside", "once": "token-1", **(data or {})})
        form = TitleForm(request.POST, version=version)
        assert form.is_valid()
        return views.submit(request, form, act, lambda result: f"/went/{result}", said="Saved."), form

    return submit


def test_an_act_happens_once_and_a_second_submission_leads_to_the_same_place(send):
    done = []
    first, _ = send(lambda: done.append(1) or "here")
    second, _ = send(lambda: done.append(2) or "there")
    assert done == [1]
    assert (first.url, second.url) == ("/went/here", "/went/here")


def test_another_form_is_another_act(send):
    send(lambda: "here")
    assert send(lambda: "there", {"once": "token-2"})[0].url == "/went/there"


def refuse_with(problem):
    def act():
        raise problem

    return act


@pytest.mark.parametrize(
    ("problem", "errors"),
    [
        (Refused("Not like this.", "name"), {"name": ["Not like this."]}),
        (Refused("Not today."), {"__all__": ["Not today."]}),
        (Refused("Not there.", "elsewhere"), {"__all__": ["Not there."]}),
        (ValidationError({"name": "Too long."}), {"name": ["Too long."]}),
        (ValidationError({"other": "Wrong."}), {"__all__": ["Wrong."]}),
        (ValidationError("All wrong."), {"__all__": ["All wrong."]}),
    ],
    ids=["field", "form", "field elsewhere", "value", "value elsewhere", "whole"],
)
def test_a_refusal_becomes_a_message_and_the_form_can_be_sent_again(send, problem, errors):
    answer, form = send(refuse_with(problem))
    assert answer is None
    assert form.errors == errors
    assert not SpentToken.objects.exists()
    assert send(lambda: "here")[0].url == "/went/here"


def test_nothing_of_a_refused_act_stays(send, agencies):
    def act():
        agencies["school"].note = "half done"
        agencies["school"].store()
        raise Refused("Not like this.")

    send(act)
    agencies["school"].refresh_from_db()
    assert agencies["school"].note == ""


def test_a_newer_edit_shows_both_versions(send, agencies):
    school = agencies["school"]
    answer, form = send(refuse_with(Stale(school)), {"version": "0"}, version=0)
    assert answer is None
    [clash] = form.conflict
    assert (clash.label, clash.yours, clash.theirs) == ("Name", "Hillside", "Hillside School")
    assert form.data["version"] == str(school.version)


def test_an_error_of_the_database_that_is_no_second_submission_is_not_hidden(send):
    with pytest.raises(IntegrityError):
        send(refuse_with(IntegrityError("something else")))


def test_what_two_people_save_at_one_moment_is_answered_in_words(send):
    answer, form = send(refuse_with(IntegrityError("UNIQUE constraint failed: meetings_body.name")))
    assert answer is None
    assert "at the same moment" in str(form.non_field_errors())


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/testbury/x", "/testbury/x"),
        ("https://evil.example", "/home"),
        ("//evil.example", "/home"),
        ("", "/home"),
    ],
)
def test_the_way_back_stays_on_this_site(wanted, goes):
    assert views.back(RequestFactory().get("/x", {"next": wanted}), "/home") == goes


def test_what_was_typed_waits_for_its_person_on_its_page_until_it_is_sent(ask, actor):
    mine, other = actor("business_manager"), actor("business_manager")
    assert views.set_aside(ask(mine, data={"name": "Half a na", "once": "token-1"}), "/there").url == "/there"

    def form_for(somebody, address="/x"):
        request = ask(somebody)
        request.path = address
        form = TitleForm()
        views.resume(request, form)
        return form

    again = form_for(mine)
    assert again.set_aside is not None
    assert again["name"].value() == "Half a na"
    assert not again.errors
    assert form_for(other).set_aside is None
    assert form_for(mine, "/y").set_aside is None

    request = ask(mine, data={"name": "A name", "once": "token-1"})
    form = TitleForm(request.POST)
    views.resume(request, form)
    assert form.is_valid()
    assert form.cleaned_data["name"] == "A name"
    assert views.submit(request, form, lambda: "done", lambda _: "/done").url == "/done"
    assert form_for(mine).set_aside is None


def test_what_was_typed_is_thrown_away_after_a_while(ask, actor, settings):
    mine = actor("business_manager")
    views.set_aside(ask(mine, data={"name": "Old"}), "/there")
    KeptForm.objects.update(kept_at=now() - views.KEPT_FOR - timedelta(days=1))
    form = TitleForm()
    views.resume(ask(mine), form)
    assert form.set_aside is None
    views.set_aside(ask(actor("learning_manager"), data={"name": "New"}), "/there")
    assert KeptForm.objects.count() == 1


def test_a_token_that_somebody_else_spent_is_refused_in_words(send, actor):
    send(lambda: "here")
    answer, form = send(lambda: "there", by=actor("scrutineer"))
    assert answer is None
    assert "Reload the page" in str(form.errors)


@pytest.mark.parametrize("given", [{}, {"version": ""}, {"version": "newest"}])
def test_an_edit_sent_without_its_version_is_refused(given):
    form = TitleForm({"name": "Hillside", "once": "t", **given}, version=3)
    assert not form.is_valid()
    assert "Reload the page" in str(form.non_field_errors())
    assert "version" not in form.errors


def test_a_form_that_is_no_edit_needs_no_version():
    assert TitleForm({"name": "Hillside", "once": "t"}).is_valid()
