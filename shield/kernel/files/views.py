"""The download of a file."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpResponse

from shield.kernel.access.views import page
from shield.kernel.files import permissions, queries, services
from shield.kernel.files.models import StoredFile

logger = logging.getLogger(__name__)


@page(permissions.VIEW, record=StoredFile)
def file(request: Any, file: StoredFile) -> HttpResponse:
    """The content as an attachment, if the record it is attached to may be seen; that it was opened is traced."""
    if not queries.attached_to_visible(file, request.actor):
        raise Http404
    path = queries.path_of(file.sha256)
    if not path.is_file():
        logger.error("The content of file %s is missing from the data directory.", file.pk)
        raise Http404
    services.note_opened(file=file, by=request.actor)
    return served(path.read_bytes(), file.name, file.content_type)


def served(content: bytes, name: str, content_type: str, *, shown: bool = False) -> HttpResponse:
    """Content as an attachment (or a picture within a page), which no browser runs and nothing on the way keeps."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
