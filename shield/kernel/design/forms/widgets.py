"""Widgets: what the browser sends and what it is shown. The markup itself is made in rendering.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.forms import Widget

PARTS = ("day", "month", "year")


class DayInput(Widget):
    """Three boxes for a day, a month and a year, sent as `<name>_day`, `<name>_month`, `<name>_year`."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str] | str | None:
        """The three texts as typed; an ISO date under the plain name is taken too (links, drafts)."""
        typed = [data.get(f"{name}_{part}") for part in PARTS]
        if all(each is None for each in typed):
            whole: str | None = data.get(name)
            return whole
        return [str(each or "") for each in typed]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether nothing of the date was sent at all."""
        return name not in data and not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str) -> str:
        """Errors link to the box of the day."""
        return f"{id_}_day" if id_ else id_

    @staticmethod
    def parts_of(value: Any) -> list[str]:
        """What stands in the three boxes for a value: a date, what was typed, or nothing."""
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        if isinstance(value, list | tuple) and len(value) == len(PARTS):
            return [str(each or "") for each in value]
        if isinstance(value, str) and value:
            if day := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value):
                return [
                    part.lstrip("0") or "0" for part in reversed(day.groups())
                ]  # also one that is no real day
            return [value, "", ""]
        return ["", "", ""]
