"""Settings of every deployment; what differs comes from the environment."""

from pathlib import Path

from csp.constants import NONE, SELF

from shaodong.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR)

DEBUG = False
DEMO = env.flag("DEMO")  # demo accounts, component gallery
TLS = env.flag("TLS", default=True)  # a proxy with TLS stands in front
MIGRATING = env.flag("MIGRATING")  # connects as the owner role, to change the schema
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.items("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env.items("FIELD_KEYS")  # "k2:base64,k1:base64": the first one seals
INDEX_KEY = env.text("INDEX_KEY")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")
# Running it: see docs/operations.md
BACKUP_DIR = env.text("BACKUP_DIR", "")  # where the nightly dumps lie
METRICS_TOKEN = env.text("METRICS_TOKEN", "")  # none: /metrics is absent
RETENTION = env.items("RETENTION")  # "visits=60,messages=24": months, see the command
RUN_DIR = Path(env.text("RUN_DIR", str(BASE_DIR / ".run")))

ROOT_URLCONF = "shaodong.urls"
WSGI_APPLICATION = "shaodong.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "rest_framework",
    "ui",
    "regions",
    "accounts",
    "papers",
    "jobs",
    "attachments",
    "inbox",
    "workbooks",
    "notices",
    "representatives",
    "trainings",
    "households",
    "visits",
    "sentiment",
    "appraisals",
    "evaluations",
    "funding",
    "reports",
    "operations",
]

MIDDLEWARE = [
    "operations.metrics.MetricsMiddleware",
    "operations.plans.PlansMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "shaodong.headers.PermissionsPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.AccessMiddleware",
    "accounts.once.OnceMiddleware",
    "operations.reading.ReplicaMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "reports.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "ui.forms.Renderer"

# A connection keeps its plans, and takes memory for them: not anew each minute, not
# for ever.
KEPT_SECONDS = 600

# PostgreSQL. The engine applies the scope to every transaction; see docs/adr.
DATABASES = {
    "default": {
        "ENGINE": "regions.postgresql",
        **env.database("DATABASE_OWNER_URL" if MIGRATING else "DATABASE_URL"),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }
}
if MIGRATING:  # rather no new column yet than requests that queue behind its lock
    DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=5s"
if env.text("REPLICA_URL", ""):  # reports and dashboards are read there
    DATABASES["replica"] = {
        "ENGINE": "regions.postgresql",
        **env.database("REPLICA_URL"),
        "ATOMIC_REQUESTS": False,  # `regions.replica.reading` opens its own
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["regions.replica.ReplicaRouter"]

# Redis carries tasks to the worker and nothing else: every page answers without it.
REDIS_URL = env.text("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "retry_on_timeout": False,
    "visibility_timeout": 900,  # more than three times the longest task
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 280
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"

# 站外提醒: an address as apprise writes it, with {phone} or {username} (inbox.channels);
# empty is off. Nobody is told in the quiet hours.
OUTSIDE_CHANNEL = env.text("OUTSIDE_CHANNEL", "")
OUTSIDE_QUIET = env.text("OUTSIDE_QUIET", "20:00-08:00")

# Language, time, numbers
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shaodong.statics.Collected"},
}
MEDIA_ROOT = RUN_DIR / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Signing in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.NameOrPhoneBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "reports:home"
# Levels whose accounts must use a second factor: "city", "township", "village".
TOTP_REQUIRED_LEVELS = env.items("TOTP_REQUIRED_LEVELS")
OTP_TOTP_ISSUER = "邵东联户"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 20 / 60  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "accounts.backends.account_name"
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
# A lock lasts its 20 minutes, however often somebody tries meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Axes keeps the form of a failed attempt: without its secrets, please.
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "password",
    "old",
    "new",
    "again",
    "code",
]
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True  # our own access log says more
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = [
    # Axes would like to lock by address too. A township office, and a village on one
    # mobile cell, share an address: one person's slip would lock out all of them.
    "axes.W006",
]

# Sessions: rows in the database, so that they outlive Redis
SESSION_ENGINE = "accounts.sessions"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_REMEMBERED_SECONDS = 30 * 24 * 60 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_IDLE_SECONDS
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_SAMESITE = "Lax"

# Transport and headers
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "accounts.api.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "accounts.api.DeclaredAccess",
        "accounts.unchanged.Unchanged",
    ],
    "DEFAULT_RENDERER_CLASSES": ["accounts.unchanged.TaggedRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "reports.openapi.schema.Schema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "accounts.api.explain",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "邵东联户接口",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.schema.document_errors",
        "reports.openapi.schema.document_examples",
    ],
    "SERVE_PERMISSIONS": ["accounts.api.DeclaredAccess"],
    # Fields of one name and several sets of words: each set under a name of its own.
    "ENUM_NAME_OVERRIDES": {
        "MandateEnd": "representatives.models.MandateEnd",
        "MarkKind": "visits.models.MarkKind",
        "VisitWay": "visits.models.Way",
        "HandedState": "visits.models.HandedState",
        "IssueWay": "sentiment.models.Way",
        "IssueState": "sentiment.models.State",
        "IssueSource": "sentiment.models.Source",
        "EnteredSource": ["caller", "phone"],
        "MeetingKind": "sentiment.models.MeetingKind",
        "ReviewState": "sentiment.models.ReviewState",
        "Decision": "sentiment.models.Decision",
        "ObjectionWay": "notices.models.Way",
        "SheetState": "funding.models.SheetState",
        "SubsidyLineKind": "funding.models.LineKind",
        "FundEntryKind": "funding.models.EntryKind",
        "TrainingState": "trainings.models.State",
        "TrainingKind": "trainings.models.Kind",
        "TrainingLevel": "trainings.models.Level",
        "ByElectionStage": "representatives.models.by_elections.STAGES",
        "AppraisalStage": "appraisals.models.appraisals.STAGES",
        "RatingStage": "evaluations.models.ratings.STAGES",
        "SchemeState": "evaluations.models.schemes.SchemeState",
        "VillageRatingState": "evaluations.models.villages.VillageState",
        "GrowthKind": "appraisals.models.honours.GrowthKind",
        "StandardKind": "funding.models.standards.StandardKind",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "filters": {
        "mask": {"()": "accounts.masking.LogMask"},
        "answers": {"()": "shaodong.logs.AnswersWithoutStack"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["mask"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"filters": ["answers"], "propagate": True},
        "celery": {"handlers": [], "level": "INFO", "propagate": True},
        "shaodong": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
