"""The whole of Shield as the architecture tests walk it: modules, models, services, files."""

from __future__ import annotations

import ast
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "shield"
KERNEL = (
    ("design",),
    ("sealed",),
    ("calendar",),
    ("records",),
    ("documents",),
    ("access",),
    ("history",),
    ("jobs",),
    ("notices", "disclosure", "search"),
    ("accounts",),
    ("clocks", "files", "identities"),
    ("reporting",),
    ("retention",),
)
"""The rooms of the kernel from the bottom up, as HOUSE.md and the import contract order them."""
FLOORS = ("kernel", "improvement", "meetings", "domain", "annual_report", "project")


def module_of(name: str) -> str:
    """The module that a dotted name lies in: shield.meetings, shield.kernel.clocks and so on."""
    parts = name.split(".")
    return ".".join(parts[:3] if parts[1] in {"kernel", "domain"} else parts[:2])


def height(name: str) -> tuple[int, int]:
    """How high above the ground a dotted name lies: floor, then room of the kernel."""
    parts = name.split(".")
    room = next((n for n, rooms in enumerate(KERNEL) if parts[1] == "kernel" and parts[2] in rooms), 0)
    return FLOORS.index(parts[1]), room


def own_models() -> list[type[Model]]:
    """Every model of our own, the hidden tables of many-to-many relations left out."""
    return [m for m in apps.get_models() if m.__module__.startswith("shield.")]


def foreign_models() -> list[type[Model]]:
    """Every model of a third party."""
    return [m for m in apps.get_models() if not m.__module__.startswith("shield.")]


@lru_cache(maxsize=1)
def sources() -> dict[Path, ast.Module]:
    """Every Python file of our own, as a tree; migrations left out, for Django writes them."""
    found = [path for folder in (PACKAGE, ROOT / "tests") for path in sorted(folder.rglob("*.py"))]
    kept = [p for p in found if not {"migrations", "node_modules", "static"} & set(p.parts)]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in kept}


def dotted(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_files(room: str) -> list[Path]:
    """The files of one room in all modules: `services.py`, or the files of a folder of that name."""
    return [
        path
        for path in sources()
        if PACKAGE in path.parents
        and "tests" not in path.parts
        and (path.stem == room or path.parent.name == room)
    ]


def loaded(path: Path) -> Any:
    """The module of a file, imported."""
    return import_module(dotted(path))


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions of a file by name."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
