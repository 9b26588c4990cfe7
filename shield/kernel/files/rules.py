"""What a file may be, found by its content. Pure."""

from __future__ import annotations

import re
import unicodedata

from shield.kernel.records.rules import Refused

SIZE_LIMIT = 20 * 1024 * 1024
"""Bytes."""

SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"PK\x03\x04", "application/zip", "zip"),
)
OFFICE = {
    b"word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    b"xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    b"ppt/presentation.xml": (
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
    for name, found in OFFICE.items():
        if name in content:
            return found
    raise Refused("This archive is not a Word, Excel or PowerPoint file.", "file")


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
