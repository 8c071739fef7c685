from django.db import migrations, models

from fenghuang.kernel.journal import triggers


def of_journal():
    return models.ForeignKey("journal.journal", models.PROTECT, related_name="+", db_index=False)


def key(*names):
    return models.CompositePrimaryKey(
        *names, blank=True, editable=False, primary_key=True, serialize=False
    )


def guard(apps, schema_editor):
    triggers.create(schema_editor.connection)


def unguard(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Journal",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("origin", models.CharField(max_length=200, unique=True)),
                ("algorithm", models.CharField(default="sha256-ed25519", max_length=20)),
                ("public_key", models.BinaryField(max_length=32)),
                ("size", models.BigIntegerField(default=0)),
                ("frontier", models.BinaryField(default=bytes)),
            ],
            options={"verbose_name": "journal"},
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("pk", key("journal_id", "n")),
                ("journal", of_journal()),
                ("n", models.BigIntegerField()),
                ("record", models.UUIDField()),
                ("header", models.TextField()),
                ("opening", models.TextField()),
            ],
            options={
                "verbose_name": "journal entry",
                "indexes": [
                    models.Index(fields=["journal", "record", "n"], name="entry_of_record")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("pk", key("journal_id", "level", "number")),
                ("journal", of_journal()),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("hashes", models.BinaryField(max_length=8192)),
            ],
            options={"verbose_name": "tile of the tree"},
        ),
        migrations.CreateModel(
            name="PersonalSalt",
            fields=[
                ("pk", key("journal_id", "record", "name", "n")),
                ("journal", of_journal()),
                ("record", models.UUIDField()),
                ("name", models.CharField(max_length=255)),
                ("n", models.BigIntegerField()),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("commitment", models.BinaryField(max_length=32)),
            ],
            options={"verbose_name": "commitment to a personal value"},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("pk", key("journal_id", "size")),
                ("journal", of_journal()),
                ("size", models.BigIntegerField()),
                ("text", models.TextField()),
                ("witnesses", models.TextField(blank=True)),
            ],
            options={"verbose_name": "checkpoint"},
        ),
        migrations.RunPython(guard, unguard),
    ]
