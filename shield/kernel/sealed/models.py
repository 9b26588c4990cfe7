"""Fields of a record that stand sealed in the database and open on the row that holds them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from shield.kernel.sealed import rules

ASKED = frozenset({"exact", "isnull"})
"""What a sealed column can be asked: whether it is empty."""


class Closed(str):
    """A text as the column holds it."""

    __slots__ = ()


class _Opening(DeferredAttribute):
    """Opens what was read from the column when it is first looked at, and no sooner."""

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        value = row.__dict__[name] if name in row.__dict__ else super().__get__(row, owner)
        if isinstance(value, Closed):
            value = row.__dict__[name] = cast(SealedText, self.field).opened(value, row)
        return value

    def __set__(self, row: Any, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedText(models.TextField):  # type: ignore[type-arg]
    """Text about a child: plain on the row, sealed in the column for this field of this row alone.

    It opens nowhere else, not in another field and not in another row. Nothing can be found by it, and every way to
    write it but a row's own (`store`, `bulk_create`) is refused, because only there it is known whose it is.
    """

    descriptor_class = _Opening

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length:
            self.validators.append(MaxLengthValidator(self.max_length))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """What the column holds, closed still."""
        return Closed(value) if value else self.read("")

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """The text sealed for its row; one that nobody has opened goes back as it came."""
        value = model_instance.__dict__[self.attname]
        if isinstance(value, Closed):
            return value
        return self.closed(self.written(value), model_instance.pk)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """TypeError for a text that was not sealed. An empty one needs no seal: a column that is added holds it in every row."""
        if value != "" and not isinstance(value, Closed):
            raise TypeError(f"{self.name} is sealed for its row: store the row itself.")
        return str(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """No look-up but for empty or not: a sealed text is not found by what it says."""
        return super().get_lookup(lookup_name) if lookup_name in ASKED else None

    def closed(self, text: str, pk: Any) -> Closed:
        """A text sealed for the row of this key, for whoever writes many rows at once."""
        return Closed(rules.seal(_ring(), text, self._place_of(pk)) if text else "")

    def closing(self) -> Callable[[str, Any], str]:
        """`closed` for whoever writes a hundred thousand rows at once: what is the same for all is looked up once."""
        close, place = rules.sealing(_ring()), self._place_of("")
        return lambda text, pk: close(text, f"{place}{pk}") if text else ""

    def opened(self, closed: Closed, row: Any) -> Any:
        """What was sealed for this row; Unreadable if it was another one."""
        return self.read(rules.unseal(_ring(), closed, self._place(row)))

    def read(self, text: str) -> Any:
        """A text as the row has it."""
        return text

    def written(self, value: Any) -> str:
        """What the row has, as a text."""
        return str(value or "")

    def _place(self, row: Any) -> str:
        return self._place_of(row.pk)

    def _place_of(self, pk: Any) -> str:
        return f"{self.model._meta.label_lower}.{self.name}:{pk}"


class SealedJSON(SealedText):
    """A list or a mapping, sealed like a text."""

    def read(self, text: str) -> Any:
        """The value; that of an empty column is the field's default."""
        return json.loads(text) if text else self.get_default()

    def written(self, value: Any) -> str:
        """The value as JSON; an empty one as nothing."""
        return json.dumps(value, ensure_ascii=False) if value else ""

    def to_python(self, value: Any) -> Any:
        """As it is."""
        return value


def _ring() -> rules.KeyRing:
    return _ring_at(settings.SHIELD_KEYS)


@lru_cache(maxsize=4)
def _ring_at(path: str) -> rules.KeyRing:
    return rules.ring(Path(path))
