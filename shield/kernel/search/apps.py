from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate


def install_index(using: str = "default", **kwargs: Any) -> None:
    """Put the parts of the index in place that Django's own migrations cannot make, after every migration."""
    from shield.kernel.search.models import Entry, install

    connection = connections[using]
    if Entry._meta.db_table in connection.introspection.table_names():
        install(connection)


def index_present(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A database whose index is not whole finds little or nothing. A warning: an error would keep `migrate` from mending it."""
    from shield.kernel.search.models import missing_parts

    return [
        checks.Warning(f"The search index lacks {part}; run migrate.", id="search.W001")
        for using in databases or []
        for part in missing_parts(connections[using])
    ]


class SearchConfig(AppConfig):
    name = "shield.kernel.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(install_index, sender=self, dispatch_uid="search.install_index")
        checks.register(index_present, checks.Tags.database)
