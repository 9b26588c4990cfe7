"""What text may hold, how wide it will be, and how numbers and dates are written for readers."""

import math
import re
import unicodedata
from datetime import date

# Tabs and line ends may stay: every output treats them as a space.
_UNPRINTABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")
_NARROW = frozenset("iIljtfr.,:;'|!()[]`’‘ ")
_WIDE = frozenset("mwMW@%&—")


def fault(text: str) -> str:
    """Say in words why a text cannot be published; an empty answer means that it can.

    XML 1.0 (so SVG and Word) cannot carry control characters, and PDF/UA refuses them too, so they are
    stopped here, where the record that holds them is still known.
    """
    found = _UNPRINTABLE.search(text)
    if found is None:
        return ""
    code = ord(found[0])
    name = "a null byte" if code == 0 else f"the unprintable character U+{code:04X}"
    return f"holds {name} at position {found.start() + 1}"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of a line of Public Sans, a little on the generous side, in the unit of `size`."""
    total = 0.0
    for letter in text:
        if letter in _NARROW:
            total += 0.33
        elif letter in _WIDE or unicodedata.east_asian_width(letter) in "WF":
            total += 0.95
        elif letter.isupper() or letter.isdigit():
            total += 0.66
        else:
            total += 0.56
    return total * size * (1.06 if bold else 1.0)


def shorten(text: str, room: float, size: float) -> str:
    """Cut a line that does not fit, marking the cut with an ellipsis."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(text: str, room: float, size: float, *, most: int = 3) -> tuple[str, ...]:
    """Break a label into at most `most` lines that fit the room, ending with an ellipsis if it is longer."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and width(longer, size) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return tuple(shorten(each, room, size) for each in lines)


def number(value: float | None, unit: str = "") -> str:
    """Write a number as a reader expects it: thousands by comma, at most one decimal, its unit."""
    if value is None:
        return "No data"
    whole = float(value).is_integer()
    written = f"{abs(value):,.0f}" if whole else f"{abs(value):,.1f}"
    sign = "−" if value < 0 else ""
    if unit == "£":
        return f"{sign}£{written}"
    return f"{sign}{written}%" if unit == "%" else f"{sign}{written}"


def day(value: date) -> str:
    """Write a date as people in England write it: 29 July 2019."""
    return f"{value.day} {value:%B %Y}"


def count(amount: int, one: str, many: str) -> str:
    """Write an amount with the right noun: 1 value, 2 values."""
    return f"{amount:,} {one if amount == 1 else many}"


def steps(lowest: float, highest: float, most: int = 5) -> tuple[float, ...]:
    """Round axis marks that cover the values, always with zero among them."""
    low, high = min(0.0, lowest), max(0.0, highest)
    if high == low:
        high = 1.0
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    # Counts of people and meetings have no halves, so small axes step by one.
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    if all(float(value).is_integer() for value in (lowest, highest)):
        step = max(1.0, step)
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple(round(index * step, 10) for index in range(first, last + 1))
