"""What a file may be, found by its content. Pure."""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib

from shield.kernel.records.rules import Refused

SIZE_LIMIT = 20 * 1024 * 1024
"""Bytes."""

SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"PK\x03\x04", "application/zip", "zip"),
)
CONTENTS = "[Content_Types].xml"
"""The member by which every Office file says what it holds."""
ENTRY_LIMIT, UNPACKED_LIMIT, RATIO_LIMIT, SMALL = 2_000, 100 * 1024 * 1024, 100, 64 * 1024
"""Members of an archive; bytes of all together; times the size they were packed into; what counts as that at least."""
ENCRYPTED = 0x1
DAMAGED = "This file is damaged or was not made by Word, Excel or PowerPoint. Save it anew and try again."
OFFICE = {
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
}
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""Bytes that no plain text holds."""


def content_type(content: bytes) -> tuple[str, str]:
    """The type and extension of a file by its content; Refused for anything else."""
    for start, kind, extension in SIGNATURES:
        if content.startswith(start):
            if extension == "zip":
                return _office(content)
            return kind, extension
    if content and not CONTROLS.search(content):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if (
                not content.lstrip()[:64]
                .lower()
                .startswith((b"<html", b"<!doctype", b"<svg", b"<?xml", b"<script"))
            ):
                return "text/plain", "txt"
    raise Refused(
        "This kind of file cannot be attached. Use PDF, PNG, JPEG, Word, Excel, PowerPoint or plain text.",
        "file",
    )


def _office(content: bytes) -> tuple[str, str]:
    """Which Office file an archive is, by what it really holds; nothing in it is unpacked before it was measured."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_archive(entries, len(content))
            names = {entry.filename for entry in entries}
            found = [kind for name, kind in OFFICE.items() if name in names]
            if CONTENTS not in names or len(found) != 1:
                raise Refused("This archive is not a Word, Excel or PowerPoint file.", "file")
            if archive.testzip() is not None:
                raise Refused(DAMAGED, "file")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise Refused(DAMAGED, "file") from None
    return found[0]


def _check_archive(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse an archive that would swell when it is opened, hides something, or reaches out of its own folder."""
    unpacked = sum(entry.file_size for entry in entries)
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRY_LIMIT or unpacked > UNPACKED_LIMIT or unpacked > max(size, SMALL) * RATIO_LIMIT:
        raise Refused(
            "This file would become far too large when it is opened. Save it anew and try again.", "file"
        )
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refused("This file is protected by a password. Remove the password and try again.", "file")
    overlap = sum(entry.compress_size for entry in entries) > size
    if overlap or len(set(names)) < len(names) or any(map(_leads_out, entries)):
        raise Refused(DAMAGED, "file")


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry would land outside the folder it is unpacked into, or is a link."""
    name = entry.orig_filename
    return (
        name.startswith("/")
        or any(letter in name for letter in "\\:\0")
        or ".." in name.split("/")
        or stat.S_ISLNK(entry.external_attr >> 16)
    )


def check_size(size: int) -> None:
    """Refuse an empty file or one over the limit."""
    if size == 0:
        raise Refused("The file is empty.", "file")
    if size > SIZE_LIMIT:
        raise Refused(f"The file is larger than {SIZE_LIMIT // (1024 * 1024)} MB.", "file")


def safe_name(name: str, extension: str) -> str:
    """A name for download: letters, digits and hyphens of the given one, the extension of the content."""
    plain = unicodedata.normalize("NFKD", name.rsplit(".", 1)[0]).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:80] or "file"
    return f"{stem}.{extension}"
