from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kit", "0003_saved_filter")]

    operations = [
        migrations.AddField(
            model_name="columnmapping",
            name="words",
            field=models.JSONField(default=dict),
        )
    ]
