from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_job")]

    operations = [
        migrations.AddField(
            model_name="columnmapping",
            name="words",
            field=models.JSONField(default=dict),
        )
    ]
