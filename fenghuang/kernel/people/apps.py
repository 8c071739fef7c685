from django.apps import AppConfig


class People(AppConfig):
    name = "fenghuang.kernel.people"
    label = "people"
