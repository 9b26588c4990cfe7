"""Reads: what of the records is in the index, and what a person finds in it."""

from shield.kernel.search.queries.finding import MOST, Failed, Found, find
from shield.kernel.search.queries.indexed import (
    behind,
    documents,
    events_after,
    gone,
    imported_by,
    indexable,
    kinds,
    partnerships,
    partnerships_behind,
    removes,
    touched,
    unused_words,
)
from shield.kernel.search.queries.sight import Hit

__all__ = [
    "MOST",
    "Failed",
    "Found",
    "Hit",
    "behind",
    "documents",
    "events_after",
    "find",
    "gone",
    "imported_by",
    "indexable",
    "kinds",
    "partnerships",
    "partnerships_behind",
    "removes",
    "touched",
    "unused_words",
]
