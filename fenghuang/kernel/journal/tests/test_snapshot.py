from typing import ClassVar

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.test.utils import isolate_apps

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.journal.snapshot import plan_of
from fenghuang.kernel.journal.tests.app.models import Caller, Note, Plot


def test_a_plan_parts_public_personal_and_many_fields():
    plan = plan_of(Caller)

    assert [column.name for column in plan.public] == ["street", "topic"]
    assert [column.name for column in plan.personal] == ["name", "phone", "floor"]
    assert [many.name for many in plan_of(Note).many] == ["tags"]


def test_bookkeeping_columns_are_left_out():
    assert "seen" not in {column.name for column in plan_of(Note).public}


def test_a_class_that_widens_another_has_the_columns_of_both():
    plan = plan_of(Plot)

    assert [(column.table, column.name) for column in plan.public] == [
        ("journal_testing_area", "street"),
        ("journal_testing_area", "name"),
        ("journal_testing_plot", "size_m2"),
    ]
    assert plan.tables == (("journal_testing_area", "id"), ("journal_testing_plot", "area_ptr_id"))


@isolate_apps("fenghuang.kernel.journal.tests.app")
def test_a_declaration_that_does_not_fit_its_class_is_refused():
    class Unknown(Journaled):
        PERSONAL: ClassVar = {"nowhere": "…"}

        class Meta:
            app_label = "journal_testing"

    class Stuck(Journaled):
        PERSONAL: ClassVar = {"born_on": "…"}
        born_on = models.DateField()

        class Meta:
            app_label = "journal_testing"

    class Inexact(Journaled):
        share = models.FloatField()

        class Meta:
            app_label = "journal_testing"

    class Reserved(Journaled):
        type = models.CharField(max_length=3)

        class Meta:
            app_label = "journal_testing"

    for model in (Unknown, Stuck, Inexact, Reserved):
        with pytest.raises(ImproperlyConfigured):
            plan_of(model)
