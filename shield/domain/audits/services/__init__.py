"""Acts on audits."""

from shield.domain.audits.services.answering import (
    accept_part,
    ask_also,
    ask_for_changes,
    begin_auditing,
    excuse_part,
    save_part,
)
from shield.domain.audits.services.asking import (
    add_question,
    add_scale,
    add_standard_tool,
    add_tool,
    change_question,
    copy_tool,
    drop_question,
    retire_tool,
)
from shield.domain.audits.services.moderating import (
    agree,
    begin_moderation,
    change_discussion,
    close_audit,
    hold_discussion,
    tell_hub,
)
from shield.domain.audits.services.planning import change_audit, plan_audit, record_audit, stop_audit
from shield.domain.audits.services.selecting import choose, open_references, put_list, set_depth
from shield.domain.audits.services.telling import (
    chase_answers,
    remind_of_answers,
    tell_agencies,
    tell_of_changes,
)

__all__ = [
    "accept_part",
    "add_question",
    "add_scale",
    "add_standard_tool",
    "add_tool",
    "agree",
    "ask_also",
    "ask_for_changes",
    "begin_auditing",
    "begin_moderation",
    "change_audit",
    "change_discussion",
    "change_question",
    "chase_answers",
    "choose",
    "close_audit",
    "copy_tool",
    "drop_question",
    "excuse_part",
    "hold_discussion",
    "open_references",
    "plan_audit",
    "put_list",
    "record_audit",
    "remind_of_answers",
    "retire_tool",
    "save_part",
    "set_depth",
    "stop_audit",
    "tell_agencies",
    "tell_hub",
    "tell_of_changes",
]
