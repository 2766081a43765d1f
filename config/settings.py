"""Settings, read from the environment. docs/operations.md lists every variable.

`manage.py` and the launcher fill in DATABASE_URL, REDIS_URL and the keys of the embedded
servers before this module is loaded; in production they come from the environment.
"""

import logging
import os
import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from kombu import Queue

from config import log_lines
from config.countries import FAR_COUNTRIES
from config.messaging import *  # noqa: F403
from config.prepared import PREPARING
from config.queues import HOUSEKEEPING, QUEUES, ROUTES
from config.schedule import SCHEDULE

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

DEBUG = env.bool("DEBUG", default=False)
# A demonstration shows the messages that would have been sent, over plain HTTP on this machine.
DEMO = env.bool("DEMO", default=False)
INSECURE_TRANSPORT = DEMO or DEBUG or TESTING

SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="" if not TESTING else "tests-only")
# Base64 of 32 bytes each. The first encrypts personal data, the second keys its look-up hashes.
FIELD_KEY = env.str("FIELD_KEY", default="")
HASH_KEY = env.str("HASH_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "visits",
    "bookings",
    "offices",
    "applicants",
    "partners",
    "config.apps.TwoFactorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_structlog",
    "crispy_forms",
    "crispy_bootstrap5",
    "phonenumber_field",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressPagesMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "config.middleware.SamePolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.middleware.DatabaseAwayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "applicants.Account"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.site",
            ],
        },
    }
]

# --- Data --------------------------------------------------------------------------------------

# Behind a pooler that lends connections by the transaction (PgBouncer), nothing may outlive one.
TRANSACTION_POOLING = env.bool("TRANSACTION_POOLING", default=False)
STATEMENT_SECONDS = env.int("STATEMENT_SECONDS", default=0)
DATABASES = {"default": env.db("DATABASE_URL", default="postgresql://127.0.0.1/yihao")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=0 if TESTING else 60),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": TRANSACTION_POOLING,
    # What the URL asks for, e.g. ?sslmode=require, comes last.
    "OPTIONS": {
        "connect_timeout": 5,
        # Every wait for a lock is bounded: a page that can't be served in time says so.
        "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s "
        f"-c statement_timeout={STATEMENT_SECONDS}s",
        "application_name": env.str("PROCESS_NAME", default="yihao"),
        **({} if TRANSACTION_POOLING else PREPARING),
        **DATABASES["default"].get("OPTIONS", {}),
    },
}

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "yihao",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
SESSION_ENGINE = "applicants.sessions"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Policies, services and keys are asked for by every request: a process keeps what it read so long.
FACTS_KEPT_SECONDS = 0 if TESTING else 1
# What everybody is shown alike, places left above all, is at most so old.
PLACES_KEPT_SECONDS = env.float("PLACES_KEPT_SECONDS", default=0.0 if TESTING else 1.0)

# --- Language, time ----------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
# Each office has a timezone of its own; this one serves what belongs to no office.
TIME_ZONE = "Asia/Shanghai"

# --- Static files, forms -----------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / ".state" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Uploaded files wait in memory, never in a temporary file that anybody could read.
FILE_UPLOAD_HANDLERS = ["config.uploads.BoundedMemoryHandler"]
# Evidence lies here, encrypted: one folder for all web servers and workers.
_STATE = os.environ.get("YIHAO_STATE_DIR") or BASE_DIR / ".state"
EVIDENCE_ROOT = env.str("EVIDENCE_ROOT", default=f"{_STATE}/evidence")
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = TESTING or DEBUG
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- Retention ---------------------------------------------------------------------------------

# For how many days what is kept, after it was last needed (applicants/domain/periods.py).
KEPT_DAYS: dict[str, int] = {
    "sign_in_codes": 1,
    "bookings": env.int("KEEP_BOOKINGS_DAYS", default=90),
    "no_shows": env.int("KEEP_NO_SHOWS_DAYS", default=180),
    "messages": env.int("KEEP_MESSAGES_DAYS", default=30),
    "suspensions": env.int("KEEP_SUSPENSIONS_DAYS", default=180),
    "groups": env.int("KEEP_GROUPS_DAYS", default=90),
    "unused": env.int("KEEP_UNUSED_DAYS", default=730),
    "unused_notice": 30,
}

# --- Security ----------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not INSECURE_TRANSPORT
SECURE_SSL_REDIRECT = not INSECURE_TRANSPORT
# Whoever watches the process asks it directly, without the proxy and its certificate.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_TRANSPORT else int(timedelta(days=365).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_TRANSPORT
# How many of our own proxies append to X-Forwarded-For and set X-Forwarded-Proto; with 0 neither
# is believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.pages.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": ["self"],
    "microphone": [],
    "payment": [],
    "usb": [],
}

# Citizens sign in with a code. Codes cost money, and some have them sent for the carriers' fees:
# text messages go to these countries, to the far ones few an hour, and to others none (ISO 3166).
SMS_COUNTRIES = env.list("SMS_COUNTRIES", default=["CN", "HK", "MO", "TW"])
SMS_FAR_COUNTRIES = env.list("SMS_FAR_COUNTRIES", default=FAR_COUNTRIES)
CODES_PER_CONTACT_AND_HOUR = env.int("CODES_PER_CONTACT_AND_HOUR", default=5)
# A mobile carrier puts hundreds of people behind one address, and at eight they all come.
CODES_PER_ADDRESS_AND_HOUR = env.int("CODES_PER_ADDRESS_AND_HOUR", default=300)
CODES_PER_NETWORK_AND_HOUR = env.int("CODES_PER_NETWORK_AND_HOUR", default=1200)
CODES_PER_PREFIX_AND_HOUR = env.int("CODES_PER_PREFIX_AND_HOUR", default=200)
CODES_PER_FAR_COUNTRY_AND_HOUR = env.int("CODES_PER_FAR_COUNTRY_AND_HOUR", default=60)
TRIES_PER_ADDRESS_AND_HOUR = env.int("TRIES_PER_ADDRESS_AND_HOUR", default=1000)
# Opening a booking by its number and code, right or wrong.
MANAGE_TRIES_PER_NUMBER_AND_HOUR = env.int("MANAGE_TRIES_PER_NUMBER_AND_HOUR", default=10)
MANAGE_TRIES_PER_ADDRESS_AND_HOUR = env.int("MANAGE_TRIES_PER_ADDRESS_AND_HOUR", default=120)
# So many codes in an hour, and so many times more than usual, of which fewer than so many per cent
# are used: then the breaker stops them for so many minutes.
BREAKER_CODES = env.int("BREAKER_CODES", default=20)
BREAKER_TIMES_NORMAL = env.float("BREAKER_TIMES_NORMAL", default=3.0)
BREAKER_USED_PERCENT = env.int("BREAKER_USED_PERCENT", default=20)
BREAKER_MINUTES = env.int("BREAKER_MINUTES", default=15)
# Whether browsers must do some arithmetic first: "attack" (only then), "always" or "never".
ALTCHA = env.str("ALTCHA", default="attack")
# The identity platform of the province (一网通办), by OpenID Connect; none without an issuer.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="一网通办")
OIDC_NAME_EN = env.str("OIDC_NAME_EN", default="the government service account")
# How well the platform must know somebody: the number at the end of authLevel or acr.
OIDC_MIN_LEVEL = env.int("OIDC_MIN_LEVEL", default=0)

# Staff sign in with a password and a one-time code of their authenticator app.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_ADAPTER = "applicants.pages.staff.StaffAccountAdapter"
MFA_ADAPTER = "applicants.pages.staff.StaffMFAAdapter"
MFA_FORMS = {
    "authenticate": "applicants.staff_forms.StaffAuthenticateForm",
    "reauthenticate": "applicants.staff_forms.StaffReauthenticateForm",
    "activate_totp": "applicants.staff_forms.StaffActivateForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Authenticators' clocks go wrong by half a minute.
MFA_TOTP_TOLERANCE = 1
# A desk that nobody uses is locked after half an hour.
STAFF_IDLE_SECONDS = env.int("STAFF_IDLE_SECONDS", default=1800)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Yihao"

# --- API ---------------------------------------------------------------------------------------

# Requests a minute with a key, and from one address without.
API_RATE_PER_KEY = env.int("API_RATE_PER_KEY", default=3000)
API_RATE_PER_ADDRESS = env.int("API_RATE_PER_ADDRESS", default=600)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["partners.api.authentication.BearerKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["partners.api.parsers.SmallJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "partners.api.pagination.CursorPages",
    "DEFAULT_THROTTLE_CLASSES": ["partners.api.throttling.RateLimit"],
    "DEFAULT_SCHEMA_CLASS": "partners.api.schema.Schema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "partners.api.problems.problem_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yihao API",
    "DESCRIPTION": "Appointments at exit-entry permit offices. docs/api.md leads through it.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "TAGS": [
        {"name": name} for name in ("Offices", "Services", "Availability", "Bookings", "Quotas")
    ],
    # Labels would be in one language; the codes are what programs read.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# --- Messages to citizens ----------------------------------------------------------------------

MESSAGE_GATEWAY = env.str("MESSAGE_GATEWAY", default="applicants.gateways.console.ConsoleGateway")
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")
HOTLINE = env.str("HOTLINE", default="12367")

# --- Celery ------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Worker and beat wait for a lost broker however long that takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A half-open connection to the broker must not leave a worker deaf.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 15,
    # A worker takes from the first of its queues that holds something.
    "queue_order_strategy": "priority",
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TASK_DEFAULT_QUEUE = HOUSEKEEPING
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in QUEUES]
CELERY_TASK_ROUTES = ROUTES
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Logs --------------------------------------------------------------------------------------

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# The log must not ask the database who is signed in: that costs every page two queries, and while
# PostgreSQL is away it would turn our 503 into a crash.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
# The line at a request's end says all that the one at its beginning would, and how long it took.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
# Some twenty tasks a minute begin and end well; those that fail are logged as errors.
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")

LOGGING = log_lines.handlers(LOG_LEVEL)
log_lines.configure_structlog()

SILENCED_SYSTEM_CHECKS: list[str] = []
