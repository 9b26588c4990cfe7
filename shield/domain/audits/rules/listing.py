"""What a list of records may hold: references that say nothing of a child, and groups that single nobody out. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from shield.kernel.records.rules import Refused

MOST_ROWS = 5_000
MOST_GROUPS = 20
"""More values than this in one column would tell records apart instead of grouping them."""
NAMING_WORDS = {
    "name", "names", "forename", "surname", "firstname", "lastname", "fullname", "initials", "known as", "alias",
    "dob", "birth", "born", "birthday", "address", "street", "postcode", "post code", "phone", "telephone", "mobile",
    "email", "e-mail", "nhs", "upn", "ni", "national insurance", "passport", "mother", "father", "parent", "carer",
}  # fmt: skip
"""Words of a heading by which a column names somebody."""
NAMING_HEADINGS = frozenset(
    {"child", "children", "pupil", "student", "person", "patient", "client", "who", "subject"}
)
"""Whole headings below which names stand; “Child reference” says something else."""
REFERENCE_WORDS = frozenset(
    {"case", "child", "family", "file", "id", "no", "nr", "number", "record", "ref", "reference"}
)
"""Words in small letters that a reference may hold."""
NAME = "a name"
GROUP_WORDS = frozenset(
    """
    abuse adoption after age assessment behaviour care carer carers child childrens children college conference
    contact core criminal custody domestic early education emotional exploitation family female foster health help
    home in kinship leaver leavers level local looked male mental missing need neglect no not of order physical plan
    police primary private protection quality referral residential review school secondary section sexual social
    special statutory step stepped strategy support supported supervision team the threshold universal unaccompanied
    violence visit yes young youth
    """.split()  # noqa: SIM905 - a list of words is read as words
)
"""Words of which the names of services, plans and needs are made; a value that has one is no child's name."""
_DATE = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b(?:19|20)\d{2}-\d{2}-\d{2}\b")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - as above
_DATE_IN_WORDS = re.compile(rf"\b(?:{'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)
_EIGHT = re.compile(r"(?<!\d)(\d{2})(\d{2})(?:19|20)\d{2}(?!\d)|(?<!\d)(?:19|20)\d{2}(\d{2})(\d{2})(?!\d)")
_TEN = re.compile(r"(?<!\d)(?:\d[\s-]?){9}\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def names_somebody(heading: str) -> bool:
    """Whether a column's heading says that it holds who a child is."""
    words = re.sub(r"[^a-z]+", " ", heading.casefold()).strip()
    padded = f" {words} "
    if words in NAMING_HEADINGS or words.replace(" ", "") in NAMING_WORDS:
        return True
    return any(f" {word} " in padded for word in NAMING_WORDS)


def identity_in(value: str) -> str:
    """What of a child's identity a value looks like, in words; empty if nothing."""
    text = value.strip()
    if any(_is_nhs_number(found) for found in _TEN.findall(text)):
        return "an NHS number"
    if _DATE.search(text) or any(_is_a_day(*found.groups()) for found in _EIGHT.finditer(text)):
        return "a date of birth"
    if "@" in text:
        return "an e-mail address"
    if _POSTCODE.search(text):
        return "a postcode"
    return NAME if _could_be_a_name(text) else ""


def identity_in_reference(value: str) -> str:
    """What of a child's identity a reference looks like, in words; stricter than `identity_in`, for it has a number."""
    if what := identity_in(value):
        return what
    if not any(sign.isdigit() for sign in value):
        return "a name: it holds no number"
    if _DATE_IN_WORDS.search(value):
        return "a date of birth"
    words = [word for word in re.findall(r"[^\W\d_]+", value) if word.casefold() not in REFERENCE_WORDS]
    small = any(len(word) > 1 and word != word.upper() for word in words)
    return NAME if small or sum(len(word) > 2 for word in words) > 1 else ""


def _is_a_day(*parts: str | None) -> bool:
    """Whether two pairs of digits beside a year can be a day and a month."""
    first, second = (int(part) for part in parts if part is not None)
    return 1 <= min(first, second) <= 12 and 1 <= max(first, second) <= 31


def _could_be_a_name(text: str) -> bool:
    """Two to four words, each with a capital and a small letter, as names are written: “Zoë Łukasz”, “Smith, Anna”."""
    words = text.replace(",", " ", 1).split()
    return 2 <= len(words) <= 4 and all(
        len(word) > 1 and _WORD.fullmatch(word) and word[0].isupper() and not word.isupper() for word in words
    )


def _is_of_the_work(text: str) -> bool:
    return any(word.casefold().replace("’", "").replace("'", "") in GROUP_WORDS for word in text.split())


def _is_nhs_number(text: str) -> bool:
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{10}", digits):
        return False
    check = 11 - sum(int(d) * (10 - n) for n, d in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9]) and check != 10


def check_headings(headings: Sequence[str]) -> None:
    """Refuse a list with a column that names somebody, whether it would be kept or not."""
    found = [heading for heading in headings if names_somebody(heading)]
    if found:
        listed = ", ".join(f"“{heading}”" for heading in found)
        raise Refused(
            f"The list has a column that says who a child is: {listed}. Remove it from the file and try again, "
            "or give it another heading if it says nothing of the kind. A reference of your own and what you want to "
            "group by are enough.",
            "file",
        )


def check_references(references: Sequence[str], field: str) -> None:
    """Refuse references that are missing, twice there, too many, or look like an identity."""
    if not references:
        raise Refused("There is no record in it.", field)
    if len(references) > MOST_ROWS:
        raise Refused(f"A list may hold {MOST_ROWS:,} records. This one holds {len(references):,}.", field)
    seen: dict[str, int] = {}
    for number, reference in enumerate(references, start=1):
        if not reference.strip():
            raise Refused(f"Record {number} has no reference.", field)
        if len(reference) > 100:
            raise Refused(f"The reference of record {number} is longer than 100 characters.", field)
        if what := identity_in_reference(reference):
            raise Refused(
                f"The reference of record {number} looks like {what}. Use the number under which you find the record.",
                field,
            )
        if (first := seen.setdefault(reference.strip().casefold(), number)) != number:
            raise Refused(f"Records {first} and {number} have the same reference.", field)


def check_groups(name: str, values: Sequence[str]) -> None:
    """Refuse a column to group by that would tell records apart or holds who a child is.

    The words of a group are often written like a name: “Child Protection”, “Looked After”. What a column of names
    has and a column of groups has not is that nearly every record has a value of its own, so only there does one
    count as a name, and not where it is among the usual words of the work.
    """
    tells_apart = len(set(values)) * 2 > len(values)
    for number, value in enumerate(values, start=1):
        if len(value) > 60:
            raise Refused(f"“{name}” of record {number} is longer than 60 characters.", "kept")
        what = identity_in(value)
        if what and (what != NAME or (tells_apart and not _is_of_the_work(value))):
            raise Refused(f"“{name}” of record {number} looks like {what}. Leave this column out.", "kept")
    if len(set(values)) > MOST_GROUPS:
        raise Refused(
            f"“{name}” has {len(set(values))} different values. A column to group by has {MOST_GROUPS} at most.",
            "kept",
        )


def check_together(rows: Sequence[Mapping[str, str]]) -> None:
    """Refuse columns that single records out when read together, though each of them alone groups."""
    if not rows or len(rows[0]) < 2:
        return
    many = Counter(tuple(sorted(row.items())) for row in rows)
    alone = sum(number == 1 for number in many.values())
    if alone:
        said = "1 record has" if alone == 1 else f"{alone:,} records have"
        raise Refused(
            f"Read together, these columns single out who a child is: {said} values that no other has. "
            "Keep fewer columns, or wider groups.",
            "kept",
        )
