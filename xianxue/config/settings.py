"""Django's settings, computed from the one list of knobs in `env.py`."""

import sys
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

from xianxue.config.databases import database
from xianxue.config.env import Env, UnsafeSettings, faults
from xianxue.config.logs import logging_config
from xianxue.config.mail import mail
from xianxue.config.secrets import with_demo_keys

ENV = with_demo_keys(Env())
if found := faults(ENV):
    raise UnsafeSettings("未能启动：\n" + "\n".join(f"· {fault}" for fault in found))

PACKAGE = Path(__file__).resolve().parent.parent
VAR_DIR = ENV.var_dir.resolve()
DEMO = ENV.demo
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
SEAL_KEYS = dict(ENV.seal_keys)
DIGEST_KEY = ENV.digest_key
CRYPTO_PROFILE = ENV.crypto_profile
ALLOWED_HOSTS = [*ENV.allowed_hosts, "testserver"] if "pytest" in sys.modules else list(ENV.allowed_hosts)
BASE_URL = ENV.base_url.rstrip("/")
BUREAU_NAME = ENV.bureau_name
UPLOAD_LIMIT_MB = ENV.upload_limit_mb
ATTACHMENT_LIMIT_MB = ENV.attachment_limit_mb
ATTACHMENT_TYPES = tuple(ENV.attachment_types)
SIGNING_KEY = (ENV.signing_key or VAR_DIR / "keys" / "signing.pem").resolve()
SIGNING_KEY_IS_NAMED = ENV.signing_key is not None
WITNESS_MAILS = tuple(ENV.witness_mails)
BACKUP_DIR = (ENV.backup_dir or VAR_DIR / "backups").resolve()
NETWORK_LOG_DAYS = ENV.network_log_days
METRICS_TOKEN = ENV.metrics_token
METRICS_NETWORKS = tuple(ENV.metrics_networks)
IMPORT_UNDO_DAYS = ENV.import_undo_days
EXPORT_APPROVAL_ROWS = ENV.export_approval_rows
MISSING_THRESHOLD_PERCENT = ENV.missing_threshold_percent
SIGN_IN_FAILURES = ENV.sign_in_failures
SIGN_IN_LOCK_MINUTES = ENV.sign_in_lock_minutes
SECOND_FACTOR_FROM = ENV.second_factor_from
SESSION_IDLE_MINUTES = ENV.session_idle_minutes
PASSWORD_HISTORY = ENV.password_history
PASSWORD_MAX_AGE_DAYS = ENV.password_max_age_days
TEMPORARY_PASSWORD_HOURS = ENV.temporary_password_hours
OIDC_ISSUER = ENV.oidc_issuer.rstrip("/")
OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = ENV.oidc_client_id, ENV.oidc_client_secret
OIDC_NAME, OIDC_SCOPES = ENV.oidc_name, ENV.oidc_scopes
OIDC_CLAIM, OIDC_MATCH = ENV.oidc_claim, ENV.oidc_match
OIDC_TRUSTS_FACTOR, OIDC_ONLY = ENV.oidc_trusts_factor, ENV.oidc_only
PUBLIC_DECISIONS = ENV.public_decisions
API_REQUESTS_PER_MINUTE = ENV.api_requests_per_minute
ROBOT_HOSTS = ENV.robot_hosts
# Plain HTTP is possible on this machine only, and only where its network is named.
WEBHOOK_NETWORKS = [*ENV.webhook_networks, *(["127.0.0.0/8"] if DEMO else [])]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "xianxue.kernel.ui",
    "xianxue.kernel.schedule",
    "xianxue.kernel.work",
    "xianxue.kernel.history",
    "xianxue.kernel.files",
    "xianxue.kernel.evidence",
    "xianxue.kernel.sheets",
    "xianxue.kernel.indicators",
    "xianxue.kernel.procedures",
    "xianxue.kernel.restricted",
    "xianxue.kernel.resources",
    "xianxue.kernel.checks",
    "xianxue.kernel.api",
    "xianxue.kernel.channels",
    "xianxue.organisations",
    "xianxue.accounts",
    "xianxue.people",
    "xianxue.meetings",
    "xianxue.ledgers",
    "xianxue.aid",
    "xianxue.projects",
    "xianxue.decisions",
    "xianxue.interchange",
    "xianxue.supervision",
    "xianxue.insight",
    "xianxue.demo",
    "xianxue.config",
]
MIDDLEWARE = [
    "xianxue.config.operations.requests.RequestId",
    "xianxue.config.operations.probes.Probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xianxue.kernel.ui.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "xianxue.accounts.middleware.SignInRequired",
    "xianxue.accounts.middleware.ReachOfUser",
    "xianxue.kernel.ui.middleware.WithoutNulls",
    "xianxue.kernel.sheets.telling.NotesWhatWasTold",
]


ROOT_URLCONF = "xianxue.config.urls"
WSGI_APPLICATION = "xianxue.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xianxue.kernel.ui.context.shell",
            ],
        },
    },
]

FORM_RENDERER = "xianxue.kernel.ui.widgets.Drawn"

DATABASES = {"default": database(ENV.database_url, VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["xianxue.accounts.backends.LockingBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "worker_number")},
    },
    {"NAME": "xianxue.accounts.rules.passwords.NotTheName"},
    {"NAME": "xianxue.accounts.rules.passwords.NotOurCommonOnes"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
UI_SHELL = "xianxue.accounts.views.shell.shell_of"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "cockpit"
SESSION_ENGINE = "xianxue.accounts.backends"
SESSION_HOURS = ENV.session_hours
# Longer than a session may last, so that its end is told and written down, and not only happens.
SESSION_COOKIE_AGE = (ENV.session_hours + 1) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# The demonstration runs on plain HTTP on this machine; everything else is served behind TLS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "xianxue.accounts.views.csrf_failed"

_MAIL = mail(ENV.mail_url, ENV.mail_from)
EMAIL_BACKEND, EMAIL_TIMEOUT = _MAIL["EMAIL_BACKEND"], _MAIL["EMAIL_TIMEOUT"]
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"], _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"], _MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["EMAIL_USE_TLS"], _MAIL["EMAIL_USE_SSL"]
DEFAULT_FROM_EMAIL = _MAIL["DEFAULT_FROM_EMAIL"]

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = (ENV.static_dir or VAR_DIR / "static").resolve()
# The web server in front reads them under an account of its own, whatever the umask.
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "xianxue.kernel.ui.storage.HashedFiles"},
}
if DEBUG or "pytest" in sys.modules:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Found now: Python tries the folder by writing to it, and once the disk is full it would say that there is none.
FILE_UPLOAD_TEMP_DIR: str | None = None
with suppress(FileNotFoundError):
    FILE_UPLOAD_TEMP_DIR = gettempdir()

LOGGING = logging_config(ENV.log_level, plain=DEMO or "pytest" in sys.modules)
