from django.apps import AppConfig


class Evidence(AppConfig):
    name = "fenghuang.kernel.evidence"
    label = "evidence"
