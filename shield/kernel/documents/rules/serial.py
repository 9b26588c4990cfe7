"""A document as plain JSON data and back, so that what was issued can be stored and made again."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from shield.kernel.design.rules import charts
from shield.kernel.documents.rules import blocks
from shield.kernel.documents.rules.blocks import BlockError, Document

FORMAT = 1
_MOST_DEEP = 24

# The names are stored: they do not change, whatever becomes of the classes.
NAMES: dict[str, type[Any]] = {
    "text": blocks.Text,
    "link": blocks.Link,
    "figure": blocks.FigureText,
    "heading": blocks.Heading,
    "paragraph": blocks.Paragraph,
    "item": blocks.Item,
    "bullets": blocks.Bullets,
    "numbered": blocks.Numbered,
    "column": blocks.Column,
    "table": blocks.Table,
    "chart": blocks.ChartBlock,
    "quote": blocks.Quote,
    "summary_row": blocks.SummaryRow,
    "summary_rows": blocks.SummaryRows,
    "key_figure": blocks.KeyFigure,
    "key_figures": blocks.KeyFigures,
    "page_break": blocks.PageBreak,
    "callout": blocks.Callout,
    "series": charts.Series,
    "state": charts.State,
    "happening": charts.Happening,
    "node": charts.Node,
    "edge": charts.Edge,
    "stage": charts.Stage,
    **{f"chart.{kind.kind}": kind for kind in charts.KINDS},
    "document": Document,
}
_TYPES = {kind: name for name, kind in NAMES.items()}


def to_data(document: Document) -> dict[str, Any]:
    """The document as dictionaries, lists, strings and numbers, fit for a JSON field."""
    return {"format": FORMAT, **cast("dict[str, Any]", _out(document))}


def from_data(data: Mapping[str, Any]) -> Document:
    """The document that was stored; refuses whatever is not one, saying where."""
    if not isinstance(data, Mapping):
        raise BlockError("The stored document is not a set of named values.")
    body = dict(data)
    if body.pop("format", None) != FORMAT:
        raise BlockError(f"The stored document is not in format {FORMAT}, the only one known here.")
    return cast("Document", _in(body, Document, "document", 0))


def _out(value: Any) -> Any:
    if name := _TYPES.get(type(value)):
        parts = {each.name: _out(getattr(value, each.name)) for each in fields(value)}
        return {"type": name, **parts}
    if isinstance(value, tuple):
        return [_out(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _hints(name: str) -> dict[str, Any]:
    known = get_type_hints(NAMES[name])
    return {each.name: known[each.name] for each in fields(NAMES[name])}


def _in(value: Any, hint: Any, where: str, depth: int) -> Any:
    """Read one value as its declared type, refusing anything else."""
    if depth > _MOST_DEEP:
        raise BlockError(f"{where}: too deep.")
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _in_union(value, get_args(hint), where, depth)
    if origin is Literal:
        if value not in get_args(hint) or not isinstance(value, str):
            allowed = ", ".join(str(each) for each in get_args(hint))
            raise BlockError(f"{where}: {value!r} is none of {allowed}.")
        return value
    if origin is tuple:
        return _in_tuple(value, get_args(hint), where, depth)
    if is_dataclass(hint):
        return _in_block(value, (cast("type", hint),), where, depth)
    return _in_plain(value, hint, where)


def _in_union(value: Any, choices: tuple[Any, ...], where: str, depth: int) -> Any:
    if isinstance(value, dict):
        kinds = tuple(cast("type[Any]", each) for each in choices if is_dataclass(each))
        return _in_block(value, kinds, where, depth)
    if value is None and NoneType in choices:
        return None
    rest = [each for each in choices if each is not NoneType]
    if len(rest) == 1:
        return _in(value, rest[0], where, depth)
    raise BlockError(f"{where}: {value!r} is no block.")


def _in_tuple(value: Any, parts: tuple[Any, ...], where: str, depth: int) -> Any:
    if not isinstance(value, list):
        raise BlockError(f"{where}: a list is needed, not {value!r:.40}.")
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_in(each, parts[0], f"{where}[{index}]", depth + 1) for index, each in enumerate(value))
    if len(value) != len(parts):
        raise BlockError(f"{where}: {len(parts)} values are needed, not {len(value)}.")
    return tuple(
        _in(each, part, f"{where}[{index}]", depth + 1)
        for index, (each, part) in enumerate(zip(value, parts, strict=True))
    )


def _in_block(value: Any, allowed: tuple[type[Any], ...], where: str, depth: int) -> Any:
    if not isinstance(value, dict):
        raise BlockError(f"{where}: a block is needed, not {value!r:.40}.")
    name = value.get("type")
    kind = NAMES.get(name) if isinstance(name, str) else None
    if kind is None or not isinstance(name, str):
        raise BlockError(f"{where}: unknown block type {name!r}.")
    if not issubclass(kind, allowed):
        raise BlockError(f"{where}: a block of type {name!r} cannot stand here.")
    hints = _hints(name)
    given = {key: each for key, each in value.items() if key != "type"}
    if unknown := sorted(set(given) - set(hints)):
        raise BlockError(f"{where}: {name} has no part {unknown[0]!r}.")
    needed = {
        each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
    }
    if missing := sorted(needed - set(given)):
        raise BlockError(f"{where}: {name} lacks {missing[0]!r}.")
    parts = {key: _in(each, hints[key], f"{where}.{key}", depth + 1) for key, each in given.items()}
    try:
        return kind(**parts)
    except (BlockError, charts.ChartError) as reason:
        raise BlockError(f"{where}: {reason}") from reason


def _in_plain(value: Any, hint: Any, where: str) -> Any:
    if hint is date:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as reason:
            raise BlockError(f"{where}: {value!r:.40} is not a date.") from reason
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return value
    if type(value) is not hint:
        raise BlockError(f"{where}: {value!r:.40} is not {'text' if hint is str else 'a ' + hint.__name__}.")
    return value
