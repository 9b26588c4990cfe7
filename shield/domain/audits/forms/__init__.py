"""Forms of audits: shape and validation."""

from shield.domain.audits.forms.answering import AcceptForm, AnswersForm, AskAlsoForm, BeginForm, ReasonForm
from shield.domain.audits.forms.asking import QuestionForm, ScaleForm, ToolForm, question_initial
from shield.domain.audits.forms.moderating import (
    AgreeForm,
    CloseForm,
    DiscussionForm,
    FindingForm,
    discussion_initial,
)
from shield.domain.audits.forms.planning import (
    AuditFilter,
    AuditForm,
    ChooseForm,
    DepthForm,
    ListForm,
    RecordForm,
    ResultsFilter,
    TypedForm,
    audit_initial,
    record_initial,
)

__all__ = [
    "AcceptForm",
    "AgreeForm",
    "AnswersForm",
    "AskAlsoForm",
    "AuditFilter",
    "AuditForm",
    "BeginForm",
    "ChooseForm",
    "CloseForm",
    "DepthForm",
    "DiscussionForm",
    "FindingForm",
    "ListForm",
    "QuestionForm",
    "ReasonForm",
    "RecordForm",
    "ResultsFilter",
    "ScaleForm",
    "ToolForm",
    "TypedForm",
    "audit_initial",
    "discussion_initial",
    "question_initial",
    "record_initial",
]
