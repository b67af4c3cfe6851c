"""Settings of a site that has the gallery and nothing else: no database, no accounts."""

SECRET_KEY = "of the gallery's tests alone, and of nothing else in the world"
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1"]
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.messages", "django.contrib.staticfiles", "xianxue.kernel.ui"]
MIDDLEWARE = [
    "xianxue.kernel.ui.middleware.ContentSecurityPolicy",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "xianxue.kernel.ui.context.shell",
            ]
        },
    }
]
STATIC_URL = "/static/"
ROOT_URLCONF = "tests.kernel.ui.gallery_urls"
UI_SHELL = "tests.kernel.ui.gallery_urls.shell_of"
DATABASES: dict[str, dict[str, str]] = {}
