from django.apps import AppConfig


class Indicators(AppConfig):
    name = "fenghuang.indicators"
    label = "indicators"

    def ready(self) -> None:
        from . import places  # noqa: F401 - registers the indicators of places
