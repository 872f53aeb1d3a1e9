"""Django settings: everything that differs between machines comes from the environment (docs/operating.md)."""

from __future__ import annotations

import os
from pathlib import Path

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from newsapp import environment, logs

django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parent.parent
HOME = environment.home()

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.secret_key(HOME)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", default=[])
if not DEBUG and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this site; '*' would let any page pose as it.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "annotations.apps.AnnotationsConfig",
    "newsapp",
]

# /metrics is there for who has the token, or asks from one of the networks; without both it does not exist.
METRICS_TOKEN = environment.text("METRICS_TOKEN")
METRICS_FROM = environment.networks("METRICS_FROM")
_METRICS = METRICS_TOKEN or METRICS_FROM
LOG_REQUESTS = environment.flag("LOG_REQUESTS", default=False)

MIDDLEWARE = [
    "newsapp.requests.RequestIdMiddleware",
    "newsapp.probes.ProbesMiddleware",
    *(["newsapp.metrics.RequestsMiddleware"] if _METRICS else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "annotations.web.languages.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "annotations.api.conditions.ConditionalAnswers",
    "annotations.web.http.ErrorsMiddleware",
]

ROOT_URLCONF = "newsapp.urls"
WSGI_APPLICATION = "newsapp.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
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

DATABASES = {
    "default": {
        **environment.database(HOME),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a pool's connection is tried before use: PostgreSQL may have been restarted
        "OPTIONS": {"prepare_threshold": 5, "pool": {"min_size": 1, "max_size": 12, "timeout": 20, "max_idle": 300}},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "annotations.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "projects"
LOGOUT_REDIRECT_URL = "sign-in"
# Second factors and single sign-on are django-allauth's; what it would also bring (signing up, e-mail) has no address.
ACCOUNT_ADAPTER = "annotations.web.entrance.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "annotations.web.entrance.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Newsapp"
MFA_ALLOW_UNVERIFIED_EMAIL = True
SOCIALACCOUNT_ADAPTER = "annotations.web.entrance.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another site
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_PROVIDERS = environment.single_sign_on()
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["newsapp.formats"]
USE_THOUSAND_SEPARATOR = True  # so what machines read is `|unlocalize`d in templates
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = environment.static_root(HOME)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "newsapp.storage.HashedStaticFilesStorage"},
}

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
HTTPS = environment.flag("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow passkeys without HTTPS on this machine alone
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # to be preloaded by browsers is for the owner of the whole domain to ask
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# Without a folder there is no schedule.
BACKUP_FOLDER = environment.text("BACKUP_FOLDER")
BACKUP_COPY = environment.text("BACKUP_COPY")
BACKUP_HOURS = environment.number("BACKUP_HOURS", default=24, least=1, most=720)
BACKUP_KEEP = environment.number("BACKUP_KEEP", default=14, least=1, most=10_000)

# A spaCy pipeline that suggests spans, too; checked in annotations/checks.py
SPACY_PIPELINE = os.environ.get("SPACY_PIPELINE", "").strip()

# Other programs are told what happens, by the worker; it calls public addresses, and those of these networks.
KEEP_COUNTS_AFTER = 1.0  # seconds; what is counted sooner is counted whenever it is asked for
WEBHOOKS = environment.flag("WEBHOOKS", default=False)
WEBHOOKS_MAY_REACH = environment.networks("WEBHOOKS_MAY_REACH")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "annotations.api.authentication.TokenAuthentication",
        "annotations.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "annotations.api.permissions.ScopeAllows",
    ],
    "DEFAULT_PAGINATION_CLASS": "annotations.api.pagination.ByCursor",
    "DEFAULT_RENDERER_CLASSES": ["annotations.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["annotations.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "annotations.api.errors.problem_response",
    "URL_FORMAT_OVERRIDE": None,  # `?format=` is the format of a file
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Newsapp API",
    "DESCRIPTION": (
        "Articles, annotation sets, spans, relations, decisions and exports. Offsets are code points, half open."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "annotations.api.schema.with_problems",
    ],
    # Fields of one name with different choices: the names of their types in the schema.
    "ENUM_NAME_OVERRIDES": {
        "SetKind": "annotations.models.SetKind",
        "SetState": "annotations.models.SetState",
        "DisagreementState": "annotations.models.DisagreementState",
        "DisagreementKind": "annotations.api.disagreements.KINDS",
        "ArticleState": "annotations.api.articles.STATES",
        "LabelShortcut": "annotations.api.labels.LETTERS",
        "RelationLabelShortcut": "annotations.api.labels.RELATION_LETTERS",
    },
}

LOGGING = logs.configuration(
    style=environment.one_of("LOG_FORMAT", default="text", known=logs.STYLES),
    level=environment.one_of("LOG_LEVEL", default="info", known=logs.LEVELS),
)

os.environ.setdefault("PYTHONUTF8", "1")
