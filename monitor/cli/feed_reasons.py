"""Why a feed cannot be read, in words."""

from __future__ import annotations

from monitor.errors import FetchReason

#: What went wrong, in words, and what can be done about it.
REASONS: dict[FetchReason, tuple[str, str]] = {
    FetchReason.BAD_URL: ("the address is no http or https address", "correct the address"),
    FetchReason.FORBIDDEN_ADDRESS: (
        "the address leads into a private network",
        "allow it with CLAIMWATCH_ALLOW_NETWORKS if it is yours",
    ),
    FetchReason.DNS: ("the name of the server is not known", "check the spelling, and this machine's DNS"),
    FetchReason.CONNECT: ("the server does not accept connections", "is it up, and reachable from here?"),
    FetchReason.TLS: (
        "the encrypted connection failed",
        "its certificate may have run out; tell the publisher",
    ),
    FetchReason.TIMEOUT: (
        "the server took too long",
        "it is tried again; CLAIMWATCH_FETCH_TIMEOUT waits longer",
    ),
    FetchReason.TOO_LARGE: ("the answer is too large for a feed", "does the publisher have a smaller feed?"),
    FetchReason.BAD_ENCODING: ("the answer's compression is broken", "tell the publisher"),
    FetchReason.TOO_MANY_REDIRECTS: ("the address redirects without end", "find the feed's present address"),
    FetchReason.PROTOCOL: ("the server does not speak proper HTTP", "tell the publisher"),
    FetchReason.HTTP_STATUS: (
        "the server refuses the feed",
        "open the address in a browser: is it still there?",
    ),
    FetchReason.RATE_LIMITED: ("the server asks for fewer requests", "poll less often: --interval"),
    FetchReason.GONE: (
        "the publisher says that the feed is gone for good",
        "remove it, or find its successor",
    ),
    FetchReason.NOT_A_FEED: (
        "there is no feed at this address",
        "look for the feed's own address on the site",
    ),
    FetchReason.DISALLOWED: (
        "the site's robots.txt asks programs not to read this page",
        "ask the publisher, or read a feed of theirs",
    ),
    FetchReason.PARSER_FAILED: ("the feed is broken beyond reading", "tell the publisher"),
}
