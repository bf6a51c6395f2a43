"""Django settings: one file, read from the environment and the data folder, failing loudly."""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

from sanxiang.cases.store_place import chosen
from sanxiang.law.places import data_folder
from sanxiang.people.proxies import networks

SOURCE = Path(__file__).resolve().parent
ROOT = SOURCE.parent.parent
DATA = data_folder().resolve()
FONTS = Path(os.environ.get("SANXIANG_FONTS", ROOT / "fonts"))


def flag(name: str, default: bool) -> bool:
    """Read a yes/no setting; anything but true or false stops the start."""
    text = os.environ.get(name, str(default)).lower()
    if text not in ("true", "false"):
        raise ValueError(f"{name} 只能是 true 或 false，现在是 {text!r}")
    return text == "true"


def number(name: str, default: int) -> int:
    """Read a whole number above 0; anything else stops the start."""
    text = os.environ.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise ValueError(f"{name} 应为大于 0 的整数，现在是 {text!r}")
    return int(text)


def secret_key() -> str:
    """The key of this installation, made once and kept in the data folder, readable by its owner only."""
    file = DATA / "secret.key"
    if file.exists():
        return file.read_text().strip()
    key = secrets.token_urlsafe(50)
    if DATA.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(key)
    return key


def database() -> dict[str, object]:
    """SQLite in the data folder, or the PostgreSQL of SANXIANG_DATABASE_URL."""
    url = os.environ.get("SANXIANG_DATABASE_URL", "")
    if not url:
        # FULL, not NORMAL: an act that was acknowledged must survive a power cut (trust.md §4).
        pragmas = (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA cache_size=-32000;"
        )
        # Reads come straight from the file's pages in memory: a search of 200,000 decisions takes 40 % less.
        pragmas += "PRAGMA mmap_size=1073741824;"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "sanxiang.sqlite3",
            # Opening the file and reading its 400 tables and indexes anew costs as much as a search for a number.
            "CONN_MAX_AGE": 5,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": pragmas},
            "TEST": {"NAME": os.environ.get("SANXIANG_TEST_DB") or None},
        }
    # By hand: urlparse knows one host, and refuses an IPv6 address behind another.
    place, _, name = url.partition("://")[2].partition("/")
    access, _, places = place.rpartition("@")
    user, _, password = access.partition(":")
    hosts, ports = servers(places)
    # Of several servers the one that may be written to is the primary, whichever that is by now.
    several = {"target_session_attrs": "read-write", "connect_timeout": 5} if "," in hosts else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": re.split("[?#]", name)[0],
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": hosts,
        "PORT": ports,
        "CONN_MAX_AGE": 60,
        # A connection that a restarted database has forgotten must not cost its next user an act.
        "CONN_HEALTH_CHECKS": True,
        # Disks without a head: the default price of a jump makes the planner read whole tables instead of an index.
        "OPTIONS": {"options": "-c random_page_cost=1.1 -c jit=off", **several},
    }


def servers(places: str) -> tuple[str, str]:
    """Hosts and ports of `host:port,host:port`, each as a list with commas; a host without a port has an empty one."""
    pairs = [urlparse(f"//{place}") for place in places.split(",")]
    ports = [str(pair.port or "") for pair in pairs]
    return ",".join(pair.hostname or "" for pair in pairs), ",".join(ports) if any(ports) else ""


DEBUG = flag("SANXIANG_DEBUG", False)
SECRET_KEY = secret_key()
ALLOWED_HOSTS = os.environ.get("SANXIANG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SANXIANG_ORIGINS", "").split(",") if o]
PUBLIC_ADDRESS = os.environ.get("SANXIANG_ADDRESS") or next(
    iter(CSRF_TRUSTED_ORIGINS), "http://localhost:8000"
)
"""Where the public reaches this site: QR codes on papers lead there."""
ADDRESS_TOLD = bool(os.environ.get("SANXIANG_ADDRESS") or CSRF_TRUSTED_ORIGINS)
"""Was it said, or is it only the usual one?"""
HTTPS = flag("SANXIANG_HTTPS", False)
PROXIES = networks(os.environ.get("SANXIANG_PROXIES", ""))

SEAL_URL = os.environ.get("SANXIANG_SEAL_URL", "")
"""A seal platform that signs in the agencies' names; empty: the authority of this installation."""
SEAL_ROOTS = os.environ.get("SANXIANG_SEAL_ROOTS", "")
"""A folder of certificates (.pem) of authorities whose seals are trusted beside our own."""

MAIL = os.environ.get("SANXIANG_MAIL", "")
"""Where letters go out: smtp://user:password@host:25, with smtps:// or smtp+tls:// for a secret line. Empty: none go out."""
MAIL_FROM = os.environ.get("SANXIANG_MAIL_FROM", "")
if MAIL:
    _mail = urlparse(MAIL)
    if _mail.scheme not in ("smtp", "smtps", "smtp+tls") or not _mail.hostname or "@" not in MAIL_FROM:
        raise ValueError(
            "SANXIANG_MAIL 应为 smtp://主机:端口（或 smtps://、smtp+tls://），并用 SANXIANG_MAIL_FROM 指明发件地址"
        )
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or {"smtp": 25, "smtps": 465}.get(_mail.scheme, 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp+tls"
    DEFAULT_FROM_EMAIL = MAIL_FROM
EMAIL_TIMEOUT = 15

LICENCE = os.environ.get("SANXIANG_LICENCE", "")
"""What the operator asks of whoever uses the open data; empty: the sentence of the page."""
BULK_MINUTES = number("SANXIANG_BULK_MINUTES", 60)
"""At most so often the bulk file is made anew for what was added; for what must go, at the next look."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "sanxiang.ledger",
    "sanxiang.people",
    "sanxiang.cases",
    "sanxiang.registers",
    "sanxiang.door",
    "sanxiang.oversight",
    "sanxiang.exchange",
    "sanxiang.desk",
    "sanxiang.square",
    "sanxiang.api",
]

MIDDLEWARE = [
    "sanxiang.headers.security_headers",
    "sanxiang.people.proxies.behind_proxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sanxiang.people.idle.end_idle_sessions",
    "sanxiang.people.first.change_first_password",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sanxiang.desk.wrong_method.say_what_to_do",
    "sanxiang.desk.kept.keep_files",
    "sanxiang.desk.looks.why.ask_why",
    "sanxiang.door.reading.keep_accesses",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "sanxiang.urls"
WSGI_APPLICATION = "sanxiang.wsgi.application"
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "sanxiang.people.signin.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True  # five wrong in a row lock, not five in a working day
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = (
    False  # else whoever keeps trying keeps the owner out for ever
)
AXES_LOCKOUT_TEMPLATE = "desk/locked.html"
AXES_ENABLE_ADMIN = False
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/desk/sign-in/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [SOURCE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
EVIDENCE_ROOT = DATA / "evidence"
PAPER_ROOT = DATA / "papers"
SCRUB_DAYS = number("SANXIANG_SCRUB_DAYS", 30)
SCRUB_MINUTES = number("SANXIANG_SCRUB_MINUTES", 120)
FIELD_DAYS = number("SANXIANG_FIELD_DAYS", 3)
"""So long may what was taken along lie on a device."""
FIELD_HOURS = number("SANXIANG_FIELD_HOURS", 24)

VOICE_CONTACT_DAYS = number("SANXIANG_VOICE_CONTACT_DAYS", 180)
"""So long after the answer names and contacts of those who spoke are kept; no scheme says."""
RECONCILE_HOUR = number("SANXIANG_RECONCILE_HOUR", 3)
"""From this hour of each day on other systems are asked what they have of ours."""
"""So long after it was filled in without a network is an act still judged by the device's time."""
STORE = chosen(os.environ)
"""The bucket in which papers and evidence lie; None: the two folders above."""

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SANXIANG_LOG", "WARNING").upper()},
}
