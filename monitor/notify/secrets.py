"""Receivers' URLs are secrets (a chat webhook's path is its password): only where they lead is ever shown."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

HIDDEN = "…"


def shown_url(url: str) -> str:
    """The URL as it may be shown: scheme, host and port; user, path and query hidden."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return HIDDEN
    if not parts.netloc:
        return f"{parts.scheme}:{HIDDEN if parts.path else ''}" if parts.scheme else HIDDEN
    name = f"[{host}]" if ":" in host else host
    where = f"{parts.scheme}://{name}{f':{port}' if port else ''}"
    return (
        where if parts.path in ("", "/") and not parts.query and not parts.fragment else f"{where}/{HIDDEN}"
    )


def scrub(text: str, url: str) -> str:
    """The text without any part of the URL that may be secret: receivers echo them, errors quote them."""
    try:
        parts = urlsplit(url)
        secrets = [parts.password or "", parts.username or "", parts.query, parts.path.strip("/")]
        secrets += re.split("[,:=]", parts.fragment)
    except ValueError:
        secrets = []
    target = url.partition("+")[2] or url
    pieces = [piece for secret in secrets for piece in (secret, *secret.replace("&", "/").split("/"))]
    pieces += [piece.partition("=")[2] for piece in pieces]
    for secret in sorted({url, target, *pieces, *map(unquote, pieces)}, key=len, reverse=True):
        # Shorter words are no secrets, and taking them out would make the text unreadable.
        if len(secret) >= 6:
            text = text.replace(secret, HIDDEN)
    return text
