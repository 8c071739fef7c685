"""Those of an installation where the database is concerned, and as little as possible else."""

from fenghuang.config.settings import (  # noqa: F401 - the same keys and database
    ALLOWED_HOSTS,
    DATABASES,
    HOME,
    LOGGING,
    SECRET_KEY,
    TIME_ZONE,
    USE_TZ,
)

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["NAME"] = HOME / "bare.sqlite3"

DEBUG = False
INSTALLED_APPS = ["benchmarks.bare"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.bare.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_I18N = False
