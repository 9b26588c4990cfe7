"""Draws, identities, judgements, and where an audit may go."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain.audits import rules
from shield.kernel.calendar.rules import calendar_of, shipped_holidays
from shield.kernel.records.rules import Refused


def frame(*groups):
    return [rules.FrameRow(n, group) for n, group in enumerate(groups, start=1)]


def test_the_same_list_number_and_seed_always_give_the_same_records():
    """Worked out by hand from the rule: SHA-256 of “seed:number”, in order of the digests."""
    from hashlib import sha256

    rows = frame(*[""] * 20)
    by_hand = sorted(range(1, 21), key=lambda n: sha256(f"spring:{n}".encode()).hexdigest())[:4]
    assert rules.draw(rows, 4, "spring") == tuple(sorted(by_hand))
    assert rules.draw(rows[::-1], 4, "spring") == rules.draw(rows, 4, "spring")
    assert rules.draw(rows, 4, "autumn") != rules.draw(rows, 4, "spring")


def test_each_group_gets_its_share():
    rows = frame(*["under 12"] * 6, *["12 to 17"] * 3, "18")
    drawn = rules.draw(rows, 5, "s", by_group=True)
    groups = [row.group for row in rows if row.number in drawn]
    assert (groups.count("under 12"), groups.count("12 to 17"), groups.count("18")) == (3, 2, 0)


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 40), min_size=1, max_size=6), st.data()
)
def test_shares_add_up_and_none_takes_more_than_there_is(sizes, data):
    wanted = data.draw(st.integers(1, sum(sizes.values())))
    shares = rules.shares(sizes, wanted)
    assert sum(shares.values()) == wanted
    assert all(shares[name] <= sizes[name] for name in sizes)


@pytest.mark.parametrize("wanted", [0, 4])
def test_a_draw_of_none_or_of_more_than_there_are_is_refused(wanted):
    with pytest.raises(Refused, match="from 1 to 3"):
        rules.draw(frame("", "", ""), wanted, "s")


@pytest.mark.parametrize(
    "heading",
    [
        "Name",
        "Child's surname",
        "DOB",
        "Date of birth",
        "Home address",
        "NHS number",
        "NHS_No",
        "Post code",
        "Mother",
        "Child",
        "Pupil",
        "Person",
    ],
)
def test_a_heading_that_names_somebody_is_known(heading):
    assert rules.names_somebody(heading)


@pytest.mark.parametrize(
    "heading", ["Reference", "Age band", "Team", "Ward", "Gender", "Reason for referral", "Child reference"]
)
def test_a_heading_to_group_by_names_nobody(heading):
    assert not rules.names_somebody(heading)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("Anna Smith", "a name"), ("Smith, Anna", "a name"), ("943 476 5919", "an NHS number"), ("12/03/2008", "a date of birth"),
        ("a@b.example", "an e-mail address"), ("DA6 7AT", "a postcode"), ("LCS 104", ""), ("9434765918", ""), ("North team", ""),
    ],
)  # fmt: skip
def test_a_value_that_looks_like_an_identity_is_known(value, what):
    assert rules.identity_in(value) == what


@pytest.mark.parametrize(
    ("references", "why"),
    [
        ([], "no record"), (["A1", " "], "Record 2 has no reference"), (["A1", "a1"], "Records 1 and 2"),
        (["A1", "Anna Smith"], "Record|reference of record 2 looks like a name"), (["x" * 101], "longer than 100"),
    ],
)  # fmt: skip
def test_references_are_there_once_and_say_nothing_of_the_child(references, why):
    with pytest.raises(Refused, match=why):
        rules.check_references(references, "references")


@pytest.mark.parametrize(
    "reference",
    [
        "Anna S", "J. Smith", "zoe smith", "ANNA SMITH", "Smith", "anna.smith", "anna.smith2", "NHS 943 476 5919",
        "DOB 01022008", "12 March 2008", "LCS 20080201", "SMITH ANNA 12",
    ],
)  # fmt: skip
def test_a_reference_that_could_be_a_child_is_refused(reference):
    with pytest.raises(Refused, match="The reference of record 1 looks like"):
        rules.check_references([reference], "references")


@pytest.mark.parametrize(
    "reference", ["LCS 104", "12", "Case 17", "A-2019/118", "PO 9434765918", "MOSAIC 40017"]
)
def test_a_reference_with_a_number_says_nothing(reference):
    rules.check_references([reference], "references")


def test_columns_that_single_a_child_out_together_are_refused():
    rows = [{"Age": "0 to 4", "School": "Hill"}] * 3 + [{"Age": "5 to 9", "School": "Hill"}]
    with pytest.raises(Refused, match="1 record has values that no other has"):
        rules.check_together(rows)
    rules.check_together(rows[:3])
    rules.check_together([{"Age": "0 to 4"}, {"Age": "5 to 9"}])


def test_a_column_that_tells_records_apart_is_not_one_to_group_by():
    with pytest.raises(Refused, match="21 different values"):
        rules.check_groups("Ward", [f"Ward {chr(97 + n)}" for n in range(21)])


GROUPS = ["Child Protection", "Looked After", "Early Help", "Child In Need"]


@pytest.mark.parametrize(
    "values", [GROUPS * 5, GROUPS, ["Bexley North", "Erith Town"] * 3], ids=["usual", "each once", "places"]
)
def test_the_words_of_groups_are_not_taken_for_names(values):
    rules.check_groups("Plan", values)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["Anna Smith", "Zoë Łukasz", "Bo Jones", "Cy Young"], "record 1 looks like a name"),
        (["Early Help", "Looked After", "Anna Smith"], "record 3 looks like a name"),
        (["North", "12/03/2008", "North", "North"], "record 2 looks like a date of birth"),
        (["DA6 7AT"] * 9, "looks like a postcode"),
    ],
    ids=["names", "one name", "birth", "postcode"],
)
def test_a_column_that_holds_who_a_child_is_is_refused(values, what):
    with pytest.raises(Refused, match=what):
        rules.check_groups("Who", values)


def test_words_are_marked_by_the_shortest_beginning_that_tells_them_apart():
    assert rules.marks(["Good", "Green", "Inadequate"]) == {"Good": "Go", "Green": "Gr", "Inadequate": "I"}
    assert rules.marks(["Met", "Met in part"]) == {"Met": "1", "Met in part": "2"}
    assert rules.marks(["3", "2"]) == {"3": "3", "2": "2"}


def test_agencies_are_reminded_three_working_days_before_and_the_day_after():
    soon, late = rules.reminders(date(2019, 12, 30), calendar_of(shipped_holidays()))
    assert soon.day(date(2019, 12, 30)) == date(2019, 12, 23)
    assert late.day(date(2019, 12, 30)) == date(2019, 12, 31)


SCALE = [{"word": w, "tone": "good"} for w in ("Good", "Fair", "Poor")]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (["Good", "Good"], "Agree"), (["Good", "Fair"], "1 step apart"), (["Poor", "Fair", "Good"], "2 steps apart"),
        (["Good"], "Nothing to compare"), (["Good", "unknown"], "Nothing to compare"),
    ],
)  # fmt: skip
def test_how_far_judgements_lie_apart(codes, words):
    points = rules.points_of("scale", SCALE)
    assert rules.apart_in_words(rules.apart(codes, points))[0] == words


def test_what_does_not_apply_is_no_judgement():
    assert rules.apart(["na", "yes"], rules.points_of("yes_no", ())) is None


def test_what_is_missing_is_named_question_by_question():
    asked = [
        rules.Asked("a", "Heard?", "judgement", True, rules.points_of("judgement", SCALE)),
        rules.Asked("b", "Shared?", "yes_no", True, rules.points_of("yes_no", ())),
        rules.Asked("c", "What else?", "text", False),
    ]
    assert rules.missing(asked, {}) == [("a", "Answer “Heard?”"), ("b", "Answer “Shared?”")]
    half = {"a": rules.Answer("Good"), "b": rules.Answer("na")}
    assert rules.missing(asked, half) == [("a", "Give the analysis behind “Heard?”")]
    assert rules.missing(asked, {**half, "a": rules.Answer("Good", "Seen alone")}) == []


@pytest.mark.parametrize(
    "answers", [{"z": rules.Answer("Good")}, {"a": rules.Answer("Splendid")}], ids=["no question", "no point"]
)
def test_an_answer_that_was_not_offered_is_refused(answers):
    asked = [rules.Asked("a", "Heard?", "scale", True, rules.points_of("scale", SCALE))]
    with pytest.raises(Refused):
        rules.check_answers(asked, answers)


def test_an_audit_goes_one_way_and_stops_from_anywhere_until_it_is_closed():
    for now in rules.OPEN:
        rules.check_move(now, "stopped")
    for now, then in (
        ("planned", "auditing"),
        ("auditing", "closed"),
        ("closed", "stopped"),
        ("stopped", "planned"),
    ):
        with pytest.raises(Refused, match="cannot go on"):
            rules.check_move(now, then)


@pytest.mark.parametrize(
    ("size", "considered", "deep"),
    [(10, 11, None), (None, 3, 4), (None, None, 1)],
    ids=["frame", "deep", "unknown"],
)
def test_numbers_that_do_not_fit_into_each_other_are_refused(size, considered, deep):
    with pytest.raises(Refused):
        rules.check_numbers(size, considered, deep)
