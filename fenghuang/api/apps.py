from django.apps import AppConfig


class Api(AppConfig):
    name = "fenghuang.api"
    label = "api"
