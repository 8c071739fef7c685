"""Settings of an installation. What differs between offices comes from FENGHUANG_* variables.

FENGHUANG_HOME            folder for database, keys, files (default: ./var)
FENGHUANG_DATABASE        postgresql://user:password@host:port/name (default: SQLite)
FENGHUANG_HOSTS           host names served, by comma (default: localhost and 127.0.0.1)
FENGHUANG_SITE            where links in e-mails lead, https://… (default: the first host name)
FENGHUANG_HTTPS           1 when served behind TLS
FENGHUANG_DEMO            1 shows the demo accounts on the sign-in page
FENGHUANG_MAIL            smtps://user:password@host:port (default: no e-mails are sent)
FENGHUANG_MAIL_FROM       address of the sender, where the user name is none
FENGHUANG_PRIVATE_WEBHOOKS  1 lets webhooks lead to private addresses, by http too
FENGHUANG_API_PER_MINUTE  requests a minute from one token; 0 for any number (default: 600)
FENGHUANG_API_FAILURES_PER_MINUTE  those without a valid token, by address (default: 60)
FENGHUANG_OIDC_ISSUER     with _CLIENT_ID and _SECRET: sign-in through the office's provider
"""

import os
import secrets
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from .lines import LINES

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("FENGHUANG_HOME", "var")).resolve()


def _kept_secret(name: str) -> str:
    """A secret made once and kept in a file that only the office's account may read."""
    path = HOME / "keys" / name
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:  # another process of the same start made it first
            pass
        return path.read_text()


def _database() -> dict[str, object]:
    address = os.environ.get("FENGHUANG_DATABASE", "")
    if not address:
        HOME.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "fenghuang.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Writers queue at BEGIN instead of failing half-way; every commit reaches the disk.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
                    # What was erased must not linger in free pages of the file.
                    "PRAGMA secure_delete=ON"
                ),
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # ?host=/folder names the folder of a Unix socket, as in every PostgreSQL client
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def _mail() -> SplitResult:
    """Where e-mails are handed over: TLS from the start, after STARTTLS, or none at all."""
    parts = urlsplit(os.environ.get("FENGHUANG_MAIL", ""))
    if parts.scheme not in ("", "smtps", "smtp+tls", "smtp"):
        raise ImproperlyConfigured("FENGHUANG_MAIL begins with smtps://, smtp+tls:// or smtp://")
    return parts


SECRET_KEY = _kept_secret("django")
DEBUG = False
DEMO = os.environ.get("FENGHUANG_DEMO") == "1"
HTTPS = os.environ.get("FENGHUANG_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("FENGHUANG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
FENGHUANG_SITE = os.environ.get(
    "FENGHUANG_SITE", f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}"
).rstrip("/")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "fenghuang.kernel.journal",
    "fenghuang.kernel.places",
    "fenghuang.kernel.people",
    "fenghuang.kernel.records",
    "fenghuang.kernel.evidence",
    "fenghuang.kernel.notices",
    "fenghuang.indicators",
    "fenghuang.kit",
    *LINES,
    "fenghuang.reports",
    "fenghuang.api",
    "fenghuang.web",
]
if os.environ.get("FENGHUANG_TEST_APPS"):
    INSTALLED_APPS += os.environ["FENGHUANG_TEST_APPS"].split(",")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fenghuang.api.middleware.directly",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fenghuang.web.middleware.StaffOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "fenghuang.web.middleware.own_password_first",
    "fenghuang.web.middleware.refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "fenghuang.config.urls"
WSGI_APPLICATION = "fenghuang.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come before those of the sign-in library, which they replace.
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "fenghuang.web.context.shell",
            ],
            "builtins": ["fenghuang.kit.templatetags.kit"],
        },
    }
]

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Long work is done by `fenghuang worker`, which `serve` starts beside the web.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # How far it has come, told beside the database, which shows nothing before the end.
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "progress",
        "TIMEOUT": 60 * 60,
    },
}

# E-mail and webhooks, sent by the worker
MAIL = _mail()
EMAIL_HOST = MAIL.hostname or ""
EMAIL_PORT = MAIL.port or {"smtps": 465, "smtp+tls": 587}.get(MAIL.scheme, 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(MAIL.username or ""), unquote(MAIL.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.scheme == "smtps", MAIL.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("FENGHUANG_MAIL_FROM") or EMAIL_HOST_USER
FENGHUANG_PRIVATE_WEBHOOKS = os.environ.get("FENGHUANG_PRIVATE_WEBHOOKS") == "1"

# Language, time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Sign-in, second factor, sessions: django-allauth; lock-out: django-axes
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "fenghuang.web.accounts.OfficeAccounts"
ACCOUNT_FORMS = {"login": "fenghuang.web.forms.SignIn"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser …
SESSION_COOKIE_AGE = 10 * 60 * 60  # … and at the latest after a working day
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# A whole office signs in from one address in the morning; wrong passwords are django-axes' matter.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": None}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Fenghuang"
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_ADAPTER = "fenghuang.web.accounts.OfficeIdentities"
if os.environ.get("FENGHUANG_OIDC_ISSUER"):
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "office",
                    "name": str(os.environ.get("FENGHUANG_OIDC_NAME", "统一身份认证")),
                    "client_id": os.environ["FENGHUANG_OIDC_CLIENT_ID"],
                    "secret": os.environ["FENGHUANG_OIDC_SECRET"],
                    "settings": {"server_url": os.environ["FENGHUANG_OIDC_ISSUER"]},
                }
            ]
        }
    }
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_CALLABLE = "fenghuang.web.accounts.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = [
    "axes.W003",  # AxesStandaloneBackend is the first backend; the check looks for another name
]

# Browser security
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # Leaflet places its layers by style attributes
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
CSRF_FAILURE_VIEW = "fenghuang.web.views.csrf_failed"

# Files
STATIC_URL = "static/"
STATIC_ROOT = PACKAGE / "static_built"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FENGHUANG_KEYS = HOME / "keys"
FENGHUANG_CHECKPOINTS = HOME / "checkpoints"
FENGHUANG_EVIDENCE_MAX_BYTES = 12 * 1024 * 1024
FENGHUANG_LEDGER_MAX_BYTES = 8 * 1024 * 1024
FENGHUANG_API_PER_MINUTE = int(os.environ.get("FENGHUANG_API_PER_MINUTE", "600"))
FENGHUANG_API_FAILURES_PER_MINUTE = int(os.environ.get("FENGHUANG_API_FAILURES_PER_MINUTE", "60"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
