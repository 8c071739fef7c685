from django.apps import AppConfig


class Web(AppConfig):
    name = "fenghuang.web"
    label = "web"
