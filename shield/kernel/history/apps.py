from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate


def restore_triggers(using: str = "default", **kwargs: Any) -> None:
    """Put the append-only triggers back after every migration."""
    from shield.kernel.history.models import Event, install_triggers

    connection = connections[using]
    if Event._meta.db_table in connection.introspection.table_names():
        install_triggers(connection)


def triggers_present(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A database whose history is not guarded is an error."""
    from shield.kernel.history.models import missing_triggers

    return [
        checks.Error(f"The table {table} has lost its append-only triggers; run migrate.", id="history.E001")
        for using in databases or []
        for table in missing_triggers(connections[using])
    ]


class HistoryConfig(AppConfig):
    name = "shield.kernel.history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shield.kernel.access.views import trace_reads_by
        from shield.kernel.history.services import note_read

        trace_reads_by(note_read)
        post_migrate.connect(restore_triggers, sender=self, dispatch_uid="history.restore_triggers")
        checks.register(triggers_present, checks.Tags.database)
