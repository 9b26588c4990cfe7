"""Acts on chronologies."""

from shield.domain.chronologies.services.asking import (
    accept_contribution,
    ask_agencies,
    change_due,
    send_back,
)
from shield.domain.chronologies.services.comparing import (
    compare,
    contradict,
    decide,
    decide_pair,
    reopen_conflict,
    resolve,
    undo_decision,
)
from shield.domain.chronologies.services.exporting import note_export
from shield.domain.chronologies.services.giving import (
    add_entry,
    answer_dates,
    correct_entry,
    download_own,
    drop_upload,
    hand_in,
    map_columns,
    say_nothing_held,
    take_back,
    take_entry_out,
    take_in,
    upload_table,
)
from shield.domain.chronologies.services.indexing import keep_what_is_missing
from shield.domain.chronologies.services.opening import change_chronology, move_chronology, open_chronology
from shield.domain.chronologies.services.reading import add_theme, mark_entry, write_note
from shield.domain.chronologies.services.telling import remind_of_contributions

__all__ = [
    "accept_contribution",
    "add_entry",
    "add_theme",
    "answer_dates",
    "ask_agencies",
    "change_chronology",
    "change_due",
    "compare",
    "contradict",
    "correct_entry",
    "decide",
    "decide_pair",
    "download_own",
    "drop_upload",
    "hand_in",
    "keep_what_is_missing",
    "map_columns",
    "mark_entry",
    "move_chronology",
    "note_export",
    "open_chronology",
    "remind_of_contributions",
    "reopen_conflict",
    "resolve",
    "say_nothing_held",
    "send_back",
    "take_back",
    "take_entry_out",
    "take_in",
    "undo_decision",
    "upload_table",
    "write_note",
]
