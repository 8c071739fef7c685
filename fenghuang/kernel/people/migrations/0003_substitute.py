import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_must_change_password"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="stands_in_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="substitutes",
                to=settings.AUTH_USER_MODEL,
                verbose_name="stands in for",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stands_in_for", None), ("valid_to__isnull", False), _connector="OR"
                ),
                name="substitute_until_a_day",
            ),
        ),
    ]
