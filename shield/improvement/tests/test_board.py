"""Findings on the board: what is suggested, how they are sorted, and what becomes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.improvement import queries, rules, services
from shield.improvement.models import Finding, Recommendation, Theme
from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused
from tests.cast import signed_in

KNOWN = {
    "rhi": ("Return home interviews", ["The interview was prompt and gave the child a voice"]),
    "borders": (
        "Sharing information across boundaries",
        ["Children cross into Greenwich and nobody is told"],
    ),
    "leads": ("Designated missing leads", []),
}


@pytest.fixture
def by(actor):
    return actor("learning_manager")


@pytest.fixture
def priority(by):
    return services.add_priority(title="Missing children", number=1, by=by)


@pytest.fixture
def themes(by, priority):
    return {
        key: services.add_theme(title=title, priority=priority, by=by) for key, (title, _) in KNOWN.items()
    }


@pytest.fixture
def finding(by, priority):
    def make(text="How effective are return home interviews?", **more):
        given = {"sort": "to_develop", "evidence_from": "hub_session", "priority": priority, **more}
        return services.add_finding(text=text, by=by, **given)

    return make


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Are return-home interviews meaningful to children?", "rhi"),
        ("An INTERVIEW on return was declined", "rhi"),
        ("Intelligence is not shared across the boundaries of boroughs", "borders"),
        ("In Greenwich nobody had been told", "borders"),
        ("Every school should have a lead for the missing", "leads"),
    ],
)
def test_a_text_is_near_a_theme_by_its_title_and_by_what_was_sorted_there_before(text, first):
    assert rules.suggest_themes(text, KNOWN)[0] == first


@pytest.mark.parametrize("text", ["", "The children and their families", "Budgets are late", "?!"])
def test_where_nothing_speaks_for_a_theme_none_is_suggested(text):
    assert rules.suggest_themes(text, KNOWN) == []


@given(text=st.text(max_size=200), titles=st.lists(st.text(max_size=40), max_size=8))
def test_suggestions_are_themes_there_are_each_once_and_at_most_three(text, titles):
    known = {number: (title, [text]) for number, title in enumerate(titles)}
    found = rules.suggest_themes(text, known)
    assert len(found) == len(set(found)) <= 3
    assert set(found) <= set(known)
    assert rules.suggest_themes(text, known) == found


def test_a_theme_of_many_findings_gains_nothing_by_its_size():
    many = {**KNOWN, "big": ("Everything else", [f"Word{n} interview" for n in range(200)])}
    assert rules.suggest_themes("How good was the interview on return home?", many)[0] == "rhi"


def test_several_findings_go_under_a_theme_in_one_act_and_what_is_there_stays(by, finding, themes):
    rows = [finding(), finding("Interviews are declined")]
    services.put_under(findings=rows, theme=themes["rhi"], by=by)
    services.put_under(findings=rows, theme=themes["rhi"], by=by)
    assert [set(row.themes.all()) for row in rows] == [{themes["rhi"]}] * 2
    told = [entry.sentence for entry in history.of_record(by.partnership_id, rows[0].pk)]
    assert told == [
        "sorted the finding How effective are return home interviews?: put under “Return home interviews”",
        "recorded the finding How effective are return home interviews?",
    ]


@pytest.mark.parametrize("title", ["return  HOME interviews", "Helplines"])
def test_a_new_title_is_a_new_theme_unless_it_is_there_already(title, by, finding, themes, priority):
    made = services.put_under(findings=[finding()], title=title, priority=priority, by=by)
    assert (made == themes["rhi"]) is (title != "Helplines")
    assert Theme.objects.count() == len(KNOWN) + (title == "Helplines")


def test_moving_leaves_the_old_theme_and_taking_out_leaves_the_finding(by, finding, themes):
    row = finding(themes=[themes["rhi"]])
    services.move(finding=row, out_of=themes["rhi"], into=themes["leads"], by=by)
    assert list(row.themes.all()) == [themes["leads"]]
    services.take_out(finding=row, theme=themes["leads"], by=by)
    assert list(row.themes.all()) == []
    with pytest.raises(Refused, match="not under this theme"):
        services.take_out(finding=row, theme=themes["leads"], by=by)
    assert Finding.objects.filter(pk=row.pk).exists()


def test_what_is_refused(by, actor, finding, themes):
    for refused in ({"findings": [], "theme": themes["rhi"]}, {"findings": [finding()], "title": "  "}):
        with pytest.raises(Refused):
            services.put_under(by=by, **refused)
    with pytest.raises(Forbidden):
        services.put_under(findings=[finding()], theme=themes["rhi"], by=actor("scrutineer"))


def test_the_board_shows_each_pile_and_what_is_suggested(by, priority, finding, themes):
    loose, under = finding(), finding("Leads are there", sort="working_well", themes=[themes["leads"]])
    piles = {pile.theme: pile.cards for pile in queries.board(priority, by)}
    assert next(iter(piles)) is None
    assert [card.finding for card in piles[None]] == [loose]
    assert piles[None][0].suggested[0] == themes["rhi"]
    assert [card.finding for card in piles[themes["leads"]]] == [under]
    assert piles[themes["borders"]] == ()


def test_the_board_costs_the_same_however_much_is_on_it(by, priority, finding, themes, count_queries):
    counts = []
    for _ in range(2):
        for _ in range(5):
            finding(themes=[themes["rhi"]])
            finding()
        with count_queries() as sent:
            queries.board(priority, by)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 5


def test_it_is_done_on_the_page_without_a_script(person, priority, finding, themes):
    client = signed_in(person("learning_manager"))
    first, second = finding(), finding("Interviews are declined")
    page = client.get("/testbury/findings/board").content.decode()
    assert f'value="{first.pk}|{themes["rhi"].pk}"' in page
    sort = "/testbury/findings/sort"
    client.post(sort, {"put": f"{first.pk}|{themes['rhi'].pk}"})
    client.post(sort, {"findings": [str(first.pk), str(second.pk)], "title": "Helplines"})
    assert sorted(t.title for t in first.themes.all()) == ["Helplines", "Return home interviews"]
    drafting = client.post(sort, {"findings": [str(first.pk), str(second.pk)], "draft": "yes"})
    draft = client.get(drafting.headers["Location"]).content.decode()
    assert draft.count("checked") >= 3
    made = client.post(
        drafting.headers["Location"],
        {"title": "A helpline", "sort": "recommendation", "findings": [str(first.pk), str(second.pk)]},
    )
    assert made.status_code == 302
    assert set(Recommendation.objects.get().findings.all()) == {first, second}


@pytest.mark.parametrize(
    "sent", [{"put": "x|y"}, {"take": "x"}, {"move": "||"}, {"findings": ["x"]}, {}, {"draft": "yes"}]
)
def test_what_a_page_never_sends_is_answered_in_words(sent, person, priority, finding):
    finding()
    answer = signed_in(person("learning_manager")).post("/testbury/findings/sort", sent, follow=True)
    assert answer.status_code == 200
    assert "govuk-notification-banner" in answer.content.decode() or "govuk-error" in answer.content.decode()
