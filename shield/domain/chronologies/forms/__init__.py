"""Forms of chronologies: shape and validation."""

from shield.domain.chronologies.forms.giving import (
    DatesForm,
    EntryForm,
    MappingForm,
    NothingForm,
    PasteForm,
    UploadForm,
    entry_initial,
)
from shield.domain.chronologies.forms.reading import (
    CompareForm,
    ExportForm,
    MarkForm,
    MergedFilter,
    NoteForm,
    ReasonForm,
    ThemeForm,
)
from shield.domain.chronologies.forms.running import (
    AskForm,
    ChronologyForm,
    DueForm,
    MoveForm,
    chronology_initial,
)

__all__ = [
    "AskForm",
    "ChronologyForm",
    "CompareForm",
    "DatesForm",
    "DueForm",
    "EntryForm",
    "ExportForm",
    "MappingForm",
    "MarkForm",
    "MergedFilter",
    "MoveForm",
    "NoteForm",
    "NothingForm",
    "PasteForm",
    "ReasonForm",
    "ThemeForm",
    "UploadForm",
    "chronology_initial",
    "entry_initial",
]
