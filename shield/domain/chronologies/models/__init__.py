"""Chronologies, what agencies were asked for and gave, and what readers made of it. All that is told is sealed."""

from shield.domain.chronologies.models.outlines import Outline, WordShelf
from shield.domain.chronologies.models.reading import Comparison, Conflict, Mark, Note, Theme
from shield.domain.chronologies.models.telling import (
    Chronology,
    ColumnChoice,
    Contribution,
    Entry,
    Upload,
    in_team,
    of_own_agency,
)

__all__ = [
    "Chronology",
    "ColumnChoice",
    "Comparison",
    "Conflict",
    "Contribution",
    "Entry",
    "Mark",
    "Note",
    "Outline",
    "Theme",
    "Upload",
    "WordShelf",
    "in_team",
    "of_own_agency",
]
