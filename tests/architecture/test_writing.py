"""Only `actions.py` writes: one verb, one function, one transaction, one journal entry."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.apps import apps

from tests.architecture.modules import calls, modules

#: Methods that write, whatever they are called on.
WRITES = {
    "save",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "delete",
    "set",
}

#: Methods that dictionaries and sets have too: they write where they are called on records.
WRITES_ON_RECORDS = {"update", "add", "remove", "clear"}

STATEMENT = re.compile(r"\b(INSERT INTO|UPDATE .+ SET|DELETE FROM|TRUNCATE TABLE)\b")

WRITERS = re.compile(r"(^|/)actions(\.py$|/)|^fenghuang/kernel/journal/write\.py$")

#: What looks like writing elsewhere, and why it stands there.
REASONS = {
    ("fenghuang/kernel/people/models.py", "user.save()"): (
        "create_user is what Django's own machinery calls to make an account"
    ),
    ("fenghuang/kernel/places/models.py", "super().save(*args, **kwargs)"): (
        "says of which level the place is; journal.write saves it"
    ),
    ("fenghuang/kernel/records/numbers.py", "INSERT INTO"): (
        "counts the number series up, inside the transaction of the action that enters"
    ),
    ("fenghuang/kernel/journal/apps.py", "triggers.create(connection)"): (
        "puts the triggers in place after the tables are made"
    ),
    ("fenghuang/kernel/evidence/pictures.py", "image.save(file, 'PNG')"): "a picture, into memory",
    ("fenghuang/kernel/evidence/pictures.py", "image.save(file, 'JPEG', quality=QUALITY)"): (
        "a picture, into memory"
    ),
    (
        "fenghuang/api/tokens.py",
        "Token.objects.filter(pk=token.pk).update(last_used_on=today)",
    ): "the day on which a token was last used, once a day: bookkeeping, which no journal keeps",
    (
        "fenghuang/cli/house.py",
        "self.bars.update(self.tasks[what], completed=done, total=total)",
    ): "a bar on the terminal",
    ("fenghuang/kernel/records/together.py", "group.ended.set()"): (
        "an event that other threads wait for"
    ),
    ("fenghuang/cli/worker.py", "ending.set()"): "tells a thread that the web is ending",
    ("fenghuang/kit/tasks.py", "caches['progress'].set(self._job, (done, total))"): (
        "how far a job has come, told beside the database and forgotten at its end"
    ),
    ("fenghuang/kit/tasks.py", "caches['progress'].delete(str(job))"): "as above",
}


def writing(module: ast.AST) -> Iterator[str]:
    """The calls that write, as they stand there, and the first words of SQL that does."""
    for call in calls(module):
        if isinstance(call.func, ast.Attribute) and _writes(call, call.func):
            yield ast.unparse(call)
    for node in ast.walk(module):
        if isinstance(node, ast.Constant | ast.JoinedStr) and (
            found := STATEMENT.search(_text(node))
        ):
            yield found[1].split(" ")[0] + " " + found[1].split(" ")[-1]


def _writes(call: ast.Call, called: ast.Attribute) -> bool:
    method = called.attr.removeprefix("a") if called.attr.startswith("a") else called.attr
    if {called.attr, method} & WRITES:
        return True
    if called.attr not in WRITES_ON_RECORDS:
        return False
    on = ast.unparse(called.value)
    is_query = re.search(r"\bobjects\b|_manager\b|\b(filter|exclude|all|standing|visible_to)\(", on)
    only_names = (
        called.attr == "update"
        and bool(call.keywords)
        and not any(one.arg is None for one in call.keywords)
    )
    return bool(is_query) or only_names or _last_name(called.value) in to_many()


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def to_many() -> set[str]:
    """The names under which a record answers many others."""
    return {
        field.get_accessor_name() if field.auto_created else field.name
        for model in apps.get_models()
        if model.__module__.startswith("fenghuang.")
        for field in model._meta.get_fields()
        if (field.one_to_many or field.many_to_many) and not field.hidden
    }


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(_text(one) if isinstance(one, ast.Constant) else "x" for one in node.values)


def test_only_actions_write():
    found = {
        (name, call)
        for name, module in modules()
        if not WRITERS.search(name)
        for call in writing(module)
    }

    assert found == set(REASONS)


def test_the_look_finds_each_way_of_writing():
    text = """
hazard.save(update_fields=["grade"])
Hazard.objects.filter(pk=1).update(grade="large")
hazards.update(grade="large")
Hazard.objects.acreate(grade="large")
file.attachments.add(attachment)
Problem.objects.all().delete()
cursor.execute(f"UPDATE {table} SET grade = %s", ["large"])
cursor.execute("DELETE FROM hazard")
"""

    found = list(writing(ast.parse(text)))

    assert found == [
        "hazard.save(update_fields=['grade'])",
        "Hazard.objects.filter(pk=1).update(grade='large')",
        "hazards.update(grade='large')",
        "Hazard.objects.acreate(grade='large')",
        "file.attachments.add(attachment)",
        "Problem.objects.all().delete()",
        "UPDATE SET",
        "DELETE FROM",
    ]


def test_dictionaries_and_sets_may_be_changed_anywhere():
    text = "known.update(more)\nfound.add(code)\ncounts.update({'a': 1})\nfound.clear()"

    assert list(writing(ast.parse(text))) == []
