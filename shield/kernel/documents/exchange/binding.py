"""Several PDF files bound into one: contents that lead to each part, bookmarks, running page numbers."""

import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from shield.kernel.documents.exchange import typesetting

_STAMP = Path(__file__).resolve().parent.parent / "typst" / "stamp.typ"
PLACE = "https://part.invalid/"
"""An address in the front matter that begins so is turned into a link to the part of that name."""
MOST_PAGES = 3000
_CLAIM = re.compile(rb"<pdfuaid:part>.*?</pdfuaid:part>", re.DOTALL)


class Unbindable(ValueError):
    """A file cannot be bound; the message says why, in words that follow its name."""


@dataclass(frozen=True)
class Part:
    """One file to bind: the name by which the front leads to it, its title in the bookmarks, its content."""

    name: str
    title: str
    content: bytes


def pages_of(content: bytes) -> int:
    """How many pages a PDF has; Unbindable if it is locked or broken."""
    return len(_read(content).pages)


def _read(content: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Unbindable("is locked with a password")
        count = len(reader.pages)
    except Unbindable:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as reason:
        raise Unbindable("cannot be read as a PDF") from reason
    if not 0 < count <= MOST_PAGES:
        raise Unbindable("has no pages" if not count else f"has more than {MOST_PAGES:,} pages")
    return reader


def bound(
    front: Callable[[dict[str, int]], bytes],
    parts: Sequence[Part],
    *,
    at: datetime,
    fonts: Path = typesetting.FONTS,
) -> bytes:
    """One file: the front, then every part.

    `front` makes the first pages and is given the page on which each part begins; it is made again if its own
    length moves them. A page number stands on every page of a part. The front stays tagged; the whole does not
    claim PDF/UA, because nobody knows how the parts were made.
    """
    lengths = {part.name: pages_of(part.content) for part in parts}
    own = 1
    for _ in range(4):
        made = front(_begins(own, parts, lengths))
        found = pages_of(made)
        if found == own:
            break
        own = found
    writer = PdfWriter(clone_from=io.BytesIO(made))
    begins = _begins(own, parts, lengths)
    for part in parts:
        writer.append(io.BytesIO(part.content), outline_item=part.title, import_outline=False)
    _lead(writer, begins)
    if parts:
        _number(writer, own, parts, lengths, at, fonts)
        _claim_less(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _begins(own: int, parts: Sequence[Part], lengths: dict[str, int]) -> dict[str, int]:
    page, begins = own + 1, {}
    for part in parts:
        begins[part.name] = page
        page += lengths[part.name]
    return begins


def _lead(writer: PdfWriter, begins: dict[str, int]) -> None:
    """Turn the places named in the front into jumps to the first page of each part."""
    for page in writer.pages:
        for entry in page.get("/Annots", ArrayObject()).get_object():
            link = entry.get_object()
            action = link.get("/A")
            address = str(action.get_object().get("/URI", "")) if action else ""
            if not address.startswith(PLACE):
                continue
            at = begins.get(address.removeprefix(PLACE))
            del link["/A"]
            if at is not None:
                target = writer.pages[at - 1].indirect_reference
                # What a screen reader says of the link: where it leads, no longer an address.
                link[NameObject("/Contents")] = TextStringObject(f"Page {at}")
                link[NameObject("/Dest")] = ArrayObject([target, NameObject("/Fit")])


def _number(
    writer: PdfWriter, own: int, parts: Sequence[Part], lengths: dict[str, int], at: datetime, fonts: Path
) -> None:
    total = len(writer.pages)
    sizes = []
    for number in range(own, total):
        box = writer.pages[number].mediabox
        words = f"Page {number + 1} of {total}"
        sizes.append({"width": float(box.width), "height": float(box.height), "words": words})
    faces = typesetting.faces(str(fonts))
    inputs = {"pages": json.dumps(sizes)}
    (stamps,) = typesetting.compiled(_STAMP.read_bytes(), inputs, faces, at=at)
    for number, stamp in enumerate(PdfReader(io.BytesIO(stamps)).pages, start=own):
        page = writer.pages[number]
        if page.rotation:
            page.transfer_rotation_to_content()
        page.merge_page(stamp)


def _claim_less(writer: PdfWriter) -> None:
    """Take back the front's claim to be PDF/UA for the whole file."""
    root: DictionaryObject = writer.root_object
    metadata = root.get("/Metadata")
    stream = metadata.get_object() if metadata else None
    if isinstance(stream, StreamObject):
        stream.set_data(_CLAIM.sub(b"", stream.get_data()))
