from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class Journal(AppConfig):
    name = "fenghuang.kernel.journal"
    label = "journal"

    def ready(self) -> None:
        from fenghuang.kernel.journal.models import journaled_models
        from fenghuang.kernel.journal.snapshot import plan_of

        for model in journaled_models():
            plan_of(model)  # a wrong declaration stops the start, not the first record
        post_migrate.connect(_guard, sender=self)


def _guard(**_: Any) -> None:
    # SQLite remakes a table to alter it, and drops its triggers with the old one.
    from fenghuang.kernel.journal import triggers

    triggers.create(connection)
