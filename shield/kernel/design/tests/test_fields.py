"""Each kind of field, untouched and in error, as a page shows it."""

from datetime import date, time

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.design import forms
from shield.kernel.design.forms import rendering
from shield.kernel.design.rules import values
from shield.kernel.design.tests.test_components import normal
from shield.kernel.design.views.showcase import EveryField, Narrow


def shown(template: str, **context: object) -> str:
    return Template("{% load design %}" + template).render(Context(context))


def field(form: django_forms.BaseForm, name: str, options: str = "") -> str:
    return shown("{% field form." + name + " " + options + " %}", form=form)


@pytest.fixture
def blank():
    return EveryField()


@pytest.fixture
def wrong():
    form = EveryField(
        {"held_on_day": "29", "held_on_month": "2", "held_on_year": "2019", "title": "\x00 <b>"}
    )
    assert not form.is_valid()
    return form


def test_a_text_field_has_its_label_hint_and_name(blank):
    html = field(blank, "title")
    assert 'for="id_title"' in html
    assert 'id="id_title-hint"' in html
    assert 'aria-describedby="id_title-hint"' in html
    assert "required" not in html


def test_what_was_typed_is_shown_again_escaped(wrong):
    html = field(wrong, "title")
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_an_error_stands_at_its_field_and_in_the_summary_linked_to_it(wrong):
    assert 'aria-describedby="id_notes-hint id_notes-error"' in field(wrong, "notes")
    summary = shown("{% error_summary form %}", form=wrong)
    assert '<a href="#id_notes">Enter your notes</a>' in summary


@pytest.mark.parametrize("name", list(EveryField.base_fields))
def test_every_error_of_the_summary_links_to_something_on_the_page(wrong, name):
    html = shown("{% form_fields form %}", form=wrong)
    bound = wrong[name]
    if bound.errors and not bound.is_hidden:
        assert f'id="{rendering.error_target(bound)}"' in html


def test_an_optional_field_says_so(blank):
    assert "Reference (optional)" in field(blank, "reference")
    assert "Title (optional)" not in field(blank, "title")
    assert "(optional)" not in shown("{% form_fields form %}", form=Narrow())


def test_a_character_count_needs_no_hint(blank):
    html = field(blank, "summary")
    assert 'data-maxlength="200"' in html
    assert "You can enter up to 200 characters" in html
    assert 'aria-describedby="id_summary-info"' in html


def test_a_password_may_be_shown_and_filled_in_by_the_browser(blank):
    html = field(blank, "password")
    assert 'type="password"' in html
    assert 'autocomplete="current-password"' in html
    assert 'autocomplete="new-password"' in field(blank, "password", 'autocomplete="new-password"')


def test_an_email_field_is_one(blank):
    html = field(blank, "email")
    assert 'type="email"' in html
    assert 'autocomplete="email"' in html
    assert 'spellcheck="false"' in html


def test_numbers_and_money_have_their_units_and_widths(blank):
    assert "govuk-input__suffix" in field(blank, "people")
    assert 'inputmode="numeric"' in field(blank, "people")
    assert "govuk-input--width-5" in field(blank, "people")
    assert "£" in field(blank, "cost")
    assert "govuk-!-width-one-half" in field(blank, "title", 'width="one-half"')


def test_checkboxes_are_not_radios():
    # CheckboxSelectMultiple is a subclass of RadioSelect.
    form = EveryField({"agencies": ["health", "police"]})
    html = field(form, "agencies")
    assert html.count('type="checkbox"') == 3
    assert "radio" not in html
    assert html.count(" checked") == 2


def test_the_first_radio_has_the_id_that_the_error_links_to(wrong):
    html = field(wrong, "kind")
    assert 'id="id_kind" name="kind" type="radio" value="board"' in html
    assert rendering.error_target(wrong["kind"]) == "id_kind"
    assert "<fieldset" in html


def test_the_chosen_radio_is_checked_and_hints_stand_by_their_choice():
    html = field(EveryField({"kind": "group"}), "kind")
    assert 'value="group" checked' in html
    assert "For example, the practice group" in html


def test_a_field_that_a_choice_reveals_stands_under_it_and_nowhere_else(blank):
    html = shown("{% form_fields form %}", form=blank)
    assert html.count('name="other_kind"') == 1
    assert 'data-reveals="conditional-id_kind-3"' in html
    assert "shield-reveal--hidden" in html
    assert "aria-expanded" not in html
    assert "data-aria-controls" not in html


def test_yes_and_no():
    assert field(EveryField(initial={"quorate": False}), "quorate").count('value="no" checked') == 1
    assert "checked" not in field(EveryField(), "quorate")
    form = EveryField({"quorate": "no"})
    form.is_valid()
    assert form.cleaned_data["quorate"] is False


def test_a_single_checkbox_with_its_error(wrong):
    html = field(wrong, "agreed")
    assert 'id="id_agreed"' in html
    assert "Confirm that you have checked the minutes" in html
    assert 'aria-describedby="id_agreed-error"' in html
    assert " checked" in field(EveryField({"agreed": "on"}), "agreed")


def test_a_select_keeps_what_was_chosen():
    html = field(EveryField({"place": "online"}), "place")
    assert 'value="online" selected' in html
    assert html.count("<option") == 3


def test_an_optional_select_can_be_left_empty_and_a_filter_says_any():
    assert '<option value="" selected>Any</option>' in field(Narrow(), "state")


def test_an_upload(blank):
    html = field(blank, "minutes")
    assert 'type="file"' in html
    assert 'accept=".pdf,.docx"' in html
    assert blank.is_multipart()


def test_a_date_has_three_boxes_and_its_error_links_to_the_day(wrong):
    html = field(wrong, "held_on")
    for part, typed in (("day", "29"), ("month", "2"), ("year", "2019")):
        assert f'id="id_held_on_{part}" name="held_on_{part}"' in html
        assert f'value="{typed}"' in html
    summary = shown("{% error_summary form %}", form=wrong)
    assert '<a href="#id_held_on_day">29 February 2019 is not a real date</a>' in summary


def test_a_date_of_birth_can_be_filled_in_by_the_browser(blank):
    assert 'autocomplete="bday-year"' in field(blank, "held_on", 'autocomplete="bday"')


def test_an_unknown_option_is_a_mistake_of_the_author(blank):
    with pytest.raises(TypeError, match="There is no option colour"):
        field(blank, "title", 'colour="red"')


def test_text_keeps_its_line_ends_when_shown_again():
    html = field(EveryField({"notes": "\n  first\n\n  second"}), "notes")
    assert ">&#10;&#10;  first&#10;&#10;  second</textarea>" in html


def test_text_inside_what_a_choice_reveals_keeps_its_line_ends_too():
    class Reason(forms.ShieldForm):
        reveals = {("kind", "b"): ["why"]}
        kind = forms.OneOfField([("a", "A"), ("b", "B")], label="Kind")
        why = forms.PlainTextField(label="Why", multiline=True)

    html = shown("{% form_fields form %}", form=Reason({"kind": "b", "why": "one\r\n  two"}))
    assert ">one&#10;  two</textarea>" in html


def test_hidden_fields_carry_no_id_that_another_form_would_repeat():
    html = shown("{% hidden_fields form %}", form=EveryField(version=7))
    assert '<input type="hidden" name="version" value="7">' in html
    assert " id=" not in html


def test_several_forms_and_sets_of_forms_share_one_summary(wrong):
    class Person(forms.ShieldForm):
        name = forms.PlainTextField(label="Name", missing="Enter the name")

    several = formset_factory(Person, extra=2)
    bound = several(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "", "form-1-once": "x"}
    )
    bound.is_valid()
    html = shown("{% error_summary form people %}", form=wrong, people=bound)
    assert html.count("There is a problem") == 1
    assert "#id_form-1-name" in html


def test_no_errors_no_summary(blank):
    assert shown("{% error_summary form %}", form=blank).strip() == ""
    assert shown("{% error_summary form %}", form=None).strip() == ""


# --- What fields accept and refuse


def clean(one: django_forms.Field, value: object) -> object:
    return one.clean(value)


def refusal(one: django_forms.Field, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        one.clean(value)
    return caught.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["29", "2", ""], "The date must include a year"),
        (["29", "", ""], "The date must include a month and a year"),
        (["", "2", "2019"], "The date must include a day"),
        (["29", "2", "2019"], "29 February 2019 is not a real date"),
        (["31", "April", "2019"], "31 April 2019 is not a real date"),
        (["0", "4", "2019"], "0 April 2019 is not a real date"),
        (["29", "13", "2019"], "The month must be a number from 1 to 12, or its name"),
        (["29", "Brumaire", "2019"], "The month must be a number from 1 to 12, or its name"),
        (["29", "7", "19"], "The year must have 4 numbers, like 2019"),
        (["29", "7", "1899"], "The year must be between 1900 and 2100"),
        (["29", "7", "2101"], "The year must be between 1900 and 2100"),
        (["²", "7", "2019"], "The day must be a number, like 31"),
        (["-1", "7", "2019"], "The day must be a number, like 31"),
        (["29", "7", "20 19"], "The year must be a number, like 2019"),
        ("nonsense", "The date must include a month and a year"),
        (None, "Enter the date"),
        (["", "", ""], "Enter the date"),
    ],
)
def test_a_date_is_refused_in_words(typed, said):
    assert refusal(forms.DayField(), typed) == said


@pytest.mark.parametrize("month", ["7", "07", "July", "jul", "JUL."])
def test_a_month_may_be_named(month):
    assert clean(forms.DayField(), [" 29 ", month, "2019"]) == date(2019, 7, 29)


def test_a_date_between_limits():
    one = forms.DayField(noun="The end", earliest=date(2018, 10, 1), latest=lambda: date(2019, 10, 31))
    assert refusal(one, ["30", "9", "2018"]) == "The end must be on or after 1 October 2018"
    assert refusal(one, ["1", "11", "2019"]) == "The end must be on or before 31 October 2019"
    assert clean(one, date(2018, 10, 1)) == date(2018, 10, 1)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_real_day_is_taken_and_shown_again_the_same(day):
    one = forms.DayField()
    typed = [str(day.day), str(day.month), str(day.year)]
    assert one.clean(typed) == day
    assert forms.DayInput.parts_of(day) == typed
    assert not one.has_changed(day, typed)


@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_whatever_is_typed_gives_a_date_nothing_or_a_refusal_in_words(typed):
    try:
        value = forms.DayField(required=False).clean(typed)
    except ValidationError as refused:
        assert all(message and "%(" not in message for message in refused.messages)  # noqa: PT017
        return
    assert value is None or date(1900, 1, 1) <= value <= date(2100, 12, 31)


def test_text_is_trimmed_settled_and_limited():
    one = forms.PlainTextField(label="The title", missing="Enter the title", max_length=5)
    assert clean(one, "  Zoe\u0308 ") == "Zoë"
    assert clean(one, "a\r\nb") == "a b"
    assert refusal(one, "123456") == "The title must be 5 characters or fewer"
    assert refusal(one, " \u200b\u2060 ") == "Enter the title"
    assert forms.PlainTextField().limit == 4000


def test_line_ends_count_once_in_a_box_of_several_lines():
    one = forms.PlainTextField(multiline=True, max_length=3)
    assert clean(one, "a\r\nb") == "a\nb"


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x9f", "\ud800"])
def test_control_characters_are_refused(letter):
    assert refusal(forms.PlainTextField(), f"a{letter}b").startswith("The text holds ")


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_text_that_is_taken_is_printable(typed):
    try:
        taken = forms.PlainTextField(required=False, multiline=True).clean(typed)
    except ValidationError:
        return
    assert "\x00" not in taken
    assert taken == taken.strip()


@pytest.mark.parametrize(
    ("typed", "pence"), [("12", 1200), ("£1,250.50", 125050), (" 99.5 ", 9950), ("0", 0), ("", None)]
)
def test_pounds_become_pence(typed, pence):
    assert clean(forms.PoundsField(required=False), typed) == pence


@pytest.mark.parametrize("typed", ["-1", "1.005", "twelve", "1e5", "9" * 13, "NaN"])
def test_what_is_not_an_amount_is_refused(typed):
    assert refusal(forms.PoundsField(), typed).startswith("Enter an amount of money")


def test_pence_are_shown_as_pounds():
    assert forms.PoundsField().prepare_value(125050) == "1,250.50"
    assert forms.PoundsField().prepare_value(120000) == "1,200"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("9:30am", time(9, 30)), ("14.30", time(14, 30)), ("2pm", time(14)), ("12am", time(0)),
     ("12 pm", time(12)), ("midday", time(12)), ("midnight", time(0)), ("00:05", time(0, 5))],
)  # fmt: skip
def test_times_as_people_write_them(typed, meant):
    assert clean(forms.TimeOfDayField(), typed) == meant


@pytest.mark.parametrize("typed", ["25:00", "14:30pm", "9", "half past nine", "9:60", "0am"])
def test_what_is_not_a_time_is_refused(typed):
    assert refusal(forms.TimeOfDayField(), typed) == "Enter a time, like 9:30am or 14:00"


def test_whole_numbers():
    one = forms.WholeNumberField(min_value=0, max_value=1000)
    assert clean(one, "1,000") == 1000
    assert refusal(one, "-1") == "The number must be 0 or more"
    assert refusal(one, "1001") == "The number must be 1,000 or fewer"
    assert refusal(one, "9" * 30) == "Enter a whole number, like 12"
    assert refusal(one, "1.5") == "Enter a whole number, like 12"


# --- The form itself


class Meeting(forms.ShieldForm):
    title = forms.PlainTextField(label="Title", missing="Enter the title of the meeting")
    held_on = forms.DayField(label="Held on", required=False)
    kind = forms.OneOfField([("a", "Board"), ("b", "Group")], label="Kind", required=False)


def test_each_form_has_a_token_of_its_own_and_keeps_it_when_refused():
    first, second = Meeting(), Meeting()
    token = first["once"].value()
    assert token != second["once"].value()
    assert token == first["once"].value()
    again = Meeting({"once": token, "title": ""})
    assert not again.is_valid()
    assert f'name="once" value="{token}"' in shown("{% form_fields form %}", form=again)


def test_a_version_is_carried_only_when_there_is_one():
    assert "version" not in Meeting().fields
    form = Meeting({"title": "Board", "version": "4"}, version=3)
    assert form.is_valid()
    assert form.cleaned_data["version"] == 4


def test_a_refusal_of_the_service_is_shown_at_the_field_and_in_the_summary():
    form = Meeting({"title": "Board"})
    form.refuse("The meeting was cancelled", "title")
    form.refuse("You may not change it", "nowhere")
    html = shown("{% error_summary form %}", form=form)
    assert '<a href="#id_title">The meeting was cancelled</a>' in html
    assert "You may not change it" in html


def test_an_edit_over_a_newer_edit_shows_both_and_takes_the_newer_version():
    form = Meeting({"title": "Mine", "kind": "a", "once": "t", "version": "3"}, version=3)
    form.clash_with({"title": "<i>Theirs</i>", "kind": "b", "held_on": None}, version=4)
    assert form.conflict == [("Title", "Mine", "<i>Theirs</i>"), ("Kind", "Board", "Group")]
    html = shown("{% error_summary form %}{% form_fields form %}", form=form)
    assert "Somebody changed this while you were editing" in html
    assert "&lt;i&gt;Theirs" in html
    assert 'name="version" value="4"' in html
    assert 'name="once" value="t"' in html
    assert not form.is_valid()


def test_djangos_own_fields_ask_in_our_words_too():
    class Plain(forms.ShieldForm):
        family_name = django_forms.CharField()
        colour = django_forms.ChoiceField(choices=[("r", "Red")], label="Colour of the door")

    form = Plain({})
    assert form.errors["family_name"] == ["Enter family name"]
    assert form.errors["colour"] == ["Select colour of the door"]


def test_filters_carry_no_token_and_ignore_nonsense():
    form = Narrow({"state": "nonsense", "words": "board"})
    assert "once" not in form.fields
    assert form.chosen == {"words": "board"}
    html = shown("{% filter_bar form %}", form=form)
    assert 'method="get"' in html
    assert "Clear filters" in html


def test_the_title_says_error_when_a_form_on_the_page_has_one(wrong, blank):
    assert shown("{% error_prefix %}", form=wrong) == "Error: "
    assert shown("{% error_prefix %}", form=blank) == ""
    assert shown("{% error_prefix %}", forms=[blank, wrong]) == "Error: "


def test_rendering_the_same_form_twice_gives_the_same(wrong):
    first, second = (shown("{% form_fields form %}", form=wrong) for _ in range(2))
    assert normal(first) == normal(second)
    assert values.day(date(2019, 7, 29)) == "29 July 2019"
