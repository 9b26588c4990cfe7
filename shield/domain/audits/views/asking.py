"""Audit tools: versions, questions, scales."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.audits import forms, permissions, queries, rules, services
from shield.domain.audits.models import AuditTool, ToolQuestion
from shield.domain.audits.views.frame import around
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.accounts.rules import Sector
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response

TONES = {"draft": "info", "in_use": "good", "retired": "neutral"}


def _way(request: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Audits", link(request, "audits")), ("Audit tools", link(request, "audit_tools")), *more]


@page(permissions.VIEW)
def audit_tools(request: Any) -> HttpResponse:
    """Every version of every tool, and the scales."""
    actor, runs = request.actor, request.actor.may(permissions.RUN)
    standard = link(request, "audit_tool_standard")
    table = Table(
        queries.tools(actor),
        (
            Column(key="title", label="Tool", sort=True, href=lambda row: page_of(request, row)),
            Column(key="edition", label="Version", numeric=True, sort=True),
            Column(key="status", label="Where it stands", value=lambda row: row.get_status_display(), sort=True,
                   tone=lambda row: TONES[row.status]),
            Column(key="asks", label="Questions", numeric=True, sort=True),
            Column(key="used", label="Audits made with it", numeric=True, sort=True),
        ),
        request.GET,
        caption="Audit tools",
        show_caption=False,
        empty="There is no audit tool yet.",
        empty_hint="A tool holds the questions that each agency answers on each record." if runs else "",
        empty_href=standard if runs else "",
        empty_link="Begin with the usual questions",
    )  # fmt: skip
    context = {
        "page_title": "Audit tools",
        "breadcrumbs": [("Audits", link(request, "audits")), ("Audit tools", "")],
        "buttons": buttons(
            ("Make a tool", link(request, "audit_tool_add"), runs),
            ("Begin with the usual questions", standard, runs and not table.count),
            ("Make a scale", link(request, "audit_scale_add"), runs),
        ),
        "scales": [
            (scale.title, [(p["word"], p["tone"]) for p in scale.points]) for scale in queries.scales(actor)
        ],
    }
    return table_response(request, "audits/tools.html", context, table)


@page(permissions.VIEW, record=AuditTool)
def audit_tool(request: Any, tool: AuditTool) -> HttpResponse:
    """One version: its questions under their headings."""
    runs = request.actor.may(permissions.RUN)
    draft = tool.status == rules.ToolStatus.DRAFT
    sections: dict[str, list[dict[str, Any]]] = {}
    for question in queries.questions_of(tool):
        sections.setdefault(question.section, []).append(_question(request, question, runs and draft))
    context = around(
        request,
        tool,
        caption=f"Audit tool {tool.reference}",
        way=_way(request, (tool.heading, "")),
        tags=[(tool.get_status_display(), TONES[tool.status])],
        facts=[
            *([("What it is for", tool.purpose)] if tool.purpose else []),
            *([{"key": "Copied from", "value": tool.copied_from.heading, "href": page_of(request, tool.copied_from)}]
              if tool.copied_from else []),
        ],
        sections=list(sections.items()),
        frozen=not draft,
        buttons=buttons(
            ("Add a question", link(request, "audit_question_add", tool), runs and draft),
            ("Copy it as a new version", link(request, "audit_tool_copy", tool), runs and not draft),
            ("Retire it", link(request, "audit_tool_retire", tool), runs and tool.status != "retired"),
        ),
        ways=[("All tools", link(request, "audit_tools"))],
    )  # fmt: skip
    return render(request, "audits/tool.html", context)


def _question(request: Any, row: ToolQuestion, may: bool) -> dict[str, Any]:
    sectors = dict(Sector.choices)
    return {
        "row": row,
        "points": [(p.word, p.tone) for p in row.asked.points],
        "who": ", ".join(sectors.get(key, key) for key in row.sectors),
        "change": link(request, "audit_question_change", row) if may else "",
        "drop": link(request, "audit_question_drop", row) if may else "",
    }


def _page(
    request: Any, title: str, form: Any, way: list[tuple[str, str]], cancel: str, **more: Any
) -> HttpResponse:
    context = {
        "page_title": title,
        "form": form,
        "cancel_href": cancel,
        "breadcrumbs": [*way, (title, "")],
        **more,
    }
    return render(request, "audits/form.html", context)


@page(permissions.RUN)
def audit_tool_add(request: Any) -> HttpResponse:
    """Begin a tool."""
    form = forms.ToolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.add_tool(title=data["title"], purpose=data["purpose"], by=request.actor),
            lambda made: page_of(request, made),
            said="The tool was begun. Add its questions.",
        )
        if done:
            return done
    return _page(request, "Make a tool", form, _way(request), link(request, "audit_tools"))


def _confirmed(
    request: Any, title: str, form: Any, act: Any, *, said: str, way: Any, cancel: str, intro: str, text: str
) -> HttpResponse:
    """A page that asks only whether to do it."""
    if request.method == "POST" and form.is_valid():
        done = submit(request, form, act, lambda made: page_of(request, made), said=said)
        if done:
            return done
    return _page(request, title, form, way, cancel, intro=[intro], submit_text=text)


@page(permissions.RUN)
def audit_tool_standard(request: Any) -> HttpResponse:
    """Begin with the usual questions."""
    return _confirmed(
        request, "Begin with the usual questions", design.ShieldForm(request.POST or None),
        lambda: services.add_standard_tool(by=request.actor), said="The tool is there. Change what you like.",
        way=_way(request), cancel=link(request, "audit_tools"), text="Make it",
        intro="This makes a tool that asks what most multi-agency audits ask, and three scales on which practice is judged. "
        "You can change every question before you use it.",
    )  # fmt: skip


@page(permissions.RUN, record=AuditTool)
def audit_tool_copy(request: Any, tool: AuditTool) -> HttpResponse:
    """Copy a version as the next."""
    home = page_of(request, tool)
    return _confirmed(
        request, "Copy it as a new version", design.ShieldForm(request.POST or None),
        lambda: services.copy_tool(tool=tool, by=request.actor), said="The new version is a draft.",
        way=_way(request, (tool.heading, home)), cancel=home, text="Copy it",
        intro="The new version can be changed until an audit is made with it. Answers to questions that stay are compared "
        "over all versions.",
    )  # fmt: skip


@page(permissions.RUN, record=AuditTool)
def audit_tool_retire(request: Any, tool: AuditTool) -> HttpResponse:
    """Retire a version."""
    home = page_of(request, tool)
    form = design.ShieldForm(request.POST or None, version=tool.version)
    return _confirmed(
        request, "Retire it", form,
        lambda: services.retire_tool(tool=tool, by=request.actor, expected_version=form.cleaned_data["version"]),
        said="The version was retired.", way=_way(request, (tool.heading, home)), cancel=home, text="Retire it",
        intro="Audits under way go on with this version. No audit can be begun with it any more.",
    )  # fmt: skip


@page(permissions.RUN, record=AuditTool)
def question_add(request: Any, tool: AuditTool) -> HttpResponse:
    """Add a question to a draft."""
    form = forms.QuestionForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        initial={"needed": True, "answer": "judgement"},
    )
    home = page_of(request, tool)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.add_question(tool=tool, values=form.values, by=request.actor),
            lambda _: home,
            said="The question was added.",
        )
        if done:
            return done
    return _page(request, "Add a question", form, _way(request, (tool.heading, home)), home)


@page(permissions.RUN, record=ToolQuestion)
def question_change(request: Any, question: ToolQuestion) -> HttpResponse:
    """Change a question of a draft."""
    form = forms.QuestionForm(
        request.POST or None, actor=request.actor, today=request.today, version=question.version,
        initial=forms.question_initial(question),
    )  # fmt: skip
    home = page_of(request, question.tool)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.change_question(
                question=question,
                values=form.values,
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda _: home,
            said="The question was changed.",
        )
        if done:
            return done
    return _page(request, "Change the question", form, _way(request, (question.tool.heading, home)), home)


@page(permissions.RUN, record=ToolQuestion)
def question_drop(request: Any, question: ToolQuestion) -> HttpResponse:
    """Take a question out of a draft."""
    form = design.ShieldForm(request.POST or None, version=question.version)
    home = page_of(request, question.tool)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.drop_question(
                question=question, by=request.actor, expected_version=form.cleaned_data["version"]
            ),
            lambda _: home,
            said="The question was taken out.",
        )
        if done:
            return done
    return _page(
        request, "Take the question out", form, _way(request, (question.tool.heading, home)), home,
        intro=[f"“{question.text}”"], submit_text="Take it out",
    )  # fmt: skip


@page(permissions.RUN)
def scale_add(request: Any) -> HttpResponse:
    """Make a scale."""
    form = forms.ScaleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.add_scale(title=form.cleaned_data["title"], points=form.toned, by=request.actor),
            lambda _: link(request, "audit_tools"),
            said="The scale was made.",
        )
        if done:
            return done
    return _page(request, "Make a scale", form, _way(request), link(request, "audit_tools"))
