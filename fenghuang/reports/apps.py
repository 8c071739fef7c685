from django.apps import AppConfig


class Reports(AppConfig):
    name = "fenghuang.reports"
    label = "reports"

    def ready(self) -> None:
        from fenghuang.reports import checks  # noqa: F401 - registers the checks of chapters
