from django.apps import AppConfig


class Records(AppConfig):
    name = "fenghuang.kernel.records"
    label = "records"
