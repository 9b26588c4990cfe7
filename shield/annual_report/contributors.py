"""The chapters of the yearly report in their order, and the doors that fill them. Order is a fact, so it is explicit."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from shield.domain.audits import contribution as audits
from shield.domain.learning_hub import contribution as learning_hub
from shield.domain.lessons import contribution as lessons
from shield.domain.reviews import contribution as reviews
from shield.domain.voice import contribution as voice
from shield.improvement import contribution as improvement
from shield.kernel.reporting import contribution as reporting
from shield.meetings import contribution as meetings

CONTRIBUTORS: tuple[ModuleType, ...] = (
    reporting,
    meetings,
    learning_hub,
    audits,
    reviews,
    lessons,
    voice,
    improvement,
)
"""Every module that has a `contribution.py`."""


@dataclass(frozen=True)
class Part:
    """One section of a chapter: a narrative, what a module gives, or both."""

    key: str
    title: str
    gives: str = ""
    """`module.group` of a contribution; `module.*` for every group that no other part names."""


@dataclass(frozen=True)
class Chapter:
    """One chapter."""

    key: str
    title: str
    parts: tuple[Part, ...] = ()


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "1",
        "Introduction",
        (
            Part("1.1", "The guidance"),
            Part("1.2", "Vision, values and success measures", "partnership.profile"),
            Part("1.2-measures", "Success measures of the partnership", "improvement.measures"),
            Part("1.3", "The partnership's name"),
        ),
    ),
    Chapter(
        "2",
        "The Partnership Board",
        (
            Part("2.1", "Meetings", "meetings.board"),
            Part("2.2", "Decisions", "meetings.board_decisions"),
            Part("2.3", "Working together"),
        ),
    ),
    Chapter(
        "3",
        "The Executive",
        (
            Part("3.1", "Name"),
            Part("3.2", "Meetings", "meetings.executive"),
            Part("3.3", "Decisions", "meetings.executive_decisions"),
            Part("3.4", "Structure of meetings"),
        ),
    ),
    Chapter("4", "The year in numbers and pictures", (Part("4", "Key events", "meetings.numbers"),)),
    Chapter(
        "5",
        "Priorities and the Learning Hub",
        (
            Part("5.1", "How the Learning Hub works"),
            Part("5.4.2", "Adjusting the model"),
            Part("5-priorities", "The priorities of the year", "learning_hub.*"),
            Part("5-voice", "What children, families and practitioners said", "voice.said"),
        ),
    ),
    Chapter(
        "progress",
        "Where there has been little or no progress",
        (
            Part("progress-text", "What we make of it"),
            Part("progress-breaks", "What the records show", "improvement.little_progress"),
        ),
    ),
    Chapter(
        "6",
        "Learning from practice",
        (
            Part("6", "Learning from practice"),
            Part("6.1", "The group"),
            Part("6.1-good-practice", "Good practice", "lessons.good_practice"),
            Part("6.2", "Reviews"),
            Part("6.2-cases", "Cases of the year", "reviews.year"),
            Part("6.2-themes", "Themes across cases", "reviews.themes"),
            Part("6.2-recommendations", "Recommendations of reviews", "reviews.recommendations"),
            Part("6.2-clocks", "How the clocks were kept", "reviews.clocks"),
            Part("6.3", "Learning event"),
            Part("6.3-notes", "Briefing notes of the year", "lessons.notes"),
        ),
    ),
    Chapter(
        "7",
        "Child death reviews",
        (
            Part("7", "Child death reviews"),
            Part("7.1", "Purpose"),
            Part("7.2", "Arrangements"),
            Part("7.4", "Learning"),
        ),
    ),
    Chapter(
        "8",
        "Exploitation and missing children",
        (Part("8", "The panels"), Part("8.1", "Activity"), Part("8.2", "Development"), Part("8.3", "Plans")),
    ),
    Chapter(
        "9",
        "Relevant agencies",
        (
            Part("9", "What agencies told us"),
            Part("9-agencies", "Partners and relevant agencies", "partnership.agencies"),
        ),
    ),
    Chapter(
        "10",
        "Training and audit",
        (
            Part("10", "Training"),
            Part("10.1", "Training and development"),
            Part("10.2", "Safeguarding champions"),
            Part("10.3", "Multi-agency audit", "audits.year"),
        ),
    ),
    Chapter(
        "11",
        "Independent scrutiny",
        (
            Part("11", "Independent scrutiny"),
            Part("11.1", "The requirement"),
            Part("11.2", "The scrutineer's view"),
        ),
    ),
    Chapter(
        "12",
        "Early adopter programme",
        (
            Part("12", "The programme"),
            Part("12.1", "Background"),
            Part("12.2", "Shared priorities"),
            Part("12.3", "Next steps"),
        ),
    ),
    Chapter(
        "13",
        "Governance",
        (
            Part("13-changes", "Changes of bodies", "meetings.changes"),
            *(
                Part(f"13.{n}", t, "voice.engagement" if n == 2 else "")
                for n, t in enumerate(
                    (
                        "Handover",
                        "Voice of children and families",
                        "Early years, schools and colleges",
                        "Youth offending and children who go missing",
                        "Section 11",
                        "Self-assessment",
                        "Operational team",
                        "Budget",
                        "Published arrangements",
                        "Reporting",
                    ),
                    start=1,
                )
            ),
        ),
    ),
    Chapter(
        "14",
        "The year ahead",
        (
            Part("14-next", "Priorities to come", "learning_hub.next"),
            *(
                Part(f"14.{n}", t)
                for n, t in enumerate(
                    (
                        "Priorities of the second year",
                        "Children and Family Learning Circle",
                        "Restorative practice",
                        "Training plan",
                        "Scrutiny",
                        "Section 11 visits",
                        "Work with neighbouring boroughs",
                    ),
                    start=1,
                )
            ),
        ),
    ),
    Chapter(
        "appendix-1",
        "Appendix: training and learning events",
        (Part("appendix-1-events", "Events of the year", "meetings.training"),),
    ),
)
