from django.apps import AppConfig


class JournalTesting(AppConfig):
    name = "fenghuang.kernel.journal.tests.app"
    label = "journal_testing"
    default_auto_field = "django.db.models.BigAutoField"
