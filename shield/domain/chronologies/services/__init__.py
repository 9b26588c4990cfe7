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
    upload_table,
)
from shield.domain.chronologies.services.indexing import keep_what_is_missing
from shield.domain.chronologies.services.opening import change_chronology, move_chronology, open_chronology
from shield.domain.chronologies.services.reading import add_theme, mark_entry, write_note
from shield.domain.chronologies.services.taking import (
    SMALL,
    ask_to_take_in,
    give_back,
    perform_take_in,
    stop_taking,
    take_in,
)
from shield.domain.chronologies.services.telling import remind_of_contributions

__all__ = [
    "SMALL",
    "accept_contribution",
    "add_entry",
    "add_theme",
    "answer_dates",
    "ask_agencies",
    "ask_to_take_in",
    "change_chronology",
    "change_due",
    "compare",
    "contradict",
    "correct_entry",
    "decide",
    "decide_pair",
    "download_own",
    "drop_upload",
    "give_back",
    "hand_in",
    "keep_what_is_missing",
    "map_columns",
    "mark_entry",
    "move_chronology",
    "note_export",
    "open_chronology",
    "perform_take_in",
    "remind_of_contributions",
    "reopen_conflict",
    "resolve",
    "say_nothing_held",
    "send_back",
    "stop_taking",
    "take_back",
    "take_entry_out",
    "take_in",
    "undo_decision",
    "upload_table",
    "write_note",
]
