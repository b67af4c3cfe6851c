"""From a mail URL to Django's settings."""

from typing import Any
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail(url: str, sender: str) -> dict[str, Any]:
    """Django's settings for `smtp://`, `smtp+tls://`, `smtps://`, `console:`, or "" for none.

    Raises ValueError for another scheme.
    """
    parts = urlsplit(url)
    backend = {"": "dummy", "console": "console"}.get(parts.scheme, "smtp")
    if backend == "smtp" and parts.scheme not in PORTS:
        message = f"XIANXUE_MAIL_URL: unknown scheme {parts.scheme!r}; use smtp, smtp+tls, smtps or console."
        raise ValueError(message)
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or PORTS.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender or "xianxue@localhost",
    }
