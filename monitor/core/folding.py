"""One address for the variants of an article's address: with trackers or without, AMP, mobile.

For telling articles of one feed apart, never for asking: what is folded here need not exist on the web.
Folded is only what cannot well be the address of another article; in doubt two addresses stay two.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

#: Parameters that say where a reader came from, by whose campaign or in which mail; never what is shown.
TRACKERS = frozenset(
    (
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "ysclid",
        "twclid",
        "ttclid",
        "igsh",
        "igshid",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "__hstc",
        "__hssc",
        "__hsfp",
        "vero_id",
        "oly_enc_id",
        "oly_anon_id",
        "at_medium",
        "at_campaign",
        "at_campaign_type",
        "at_custom1",
        "at_custom2",
        "at_custom3",
        "at_custom4",
        "at_format",
        "at_link_id",
        "at_link_origin",
        "at_link_type",
        "at_ptr_name",
        "at_bbc_team",
        "ns_mchannel",
        "ns_source",
        "ns_campaign",
        "ns_linkname",
        "ns_fee",
        "pk_campaign",
        "pk_kwd",
        "pk_source",
        "pk_medium",
        "_ga",
        "_gl",
        "xtor",
        "wt_mc",
        "wt_zmc",
        "wt.mc_id",
        "traffic_source",
    )
)
_TRACKER_FAMILIES = ("utm_", "mtm_", "hsa_")
_YES = frozenset(("", "1", "true", "yes"))
#: Parameters that ask for AMP, with what they say then.
_AMP = {"amp": _YES, "outputtype": {"amp"}, "output": {"amp"}, "amp_js_v": None, "amp_gsa": None}
#: First labels of hosts that show the same articles in another dress.
_DRESSES = frozenset(("www", "amp", "m", "mobile"))
_WWW = frozenset(("www",))
_FEWEST_LABELS = 2
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
# Copies in Google's caches of AMP: …/amp/s/host/path and …/c/s/host/path.
_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}")
_AMP_ENDING = re.compile(r"(?<=.)(?:\.amp)+(\.html)?$")
_CACHED = re.compile(r"/(?:amp|[civ])/(s/)?(?P<rest>[^/]+\.[^/]+(?:/.*)?)")


def is_address(text: str) -> bool:
    """Whether it is written as a web address."""
    return _ADDRESS.match(text) is not None


def folded_address(url: str) -> str:
    """The address without what does not change the article; the same for all its variants.

    https stands for http; what cannot be taken apart, and what is no web address, comes back as it is.
    """
    if not is_address(url):
        return url
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    if not host or "@" in parts.netloc:
        return url
    cached = _out_of_cache(host, parts)
    if cached:
        return folded_address(cached)
    path = _path(parts.path)
    place = _host(host, at_home=path == "/") + (f":{port}" if port not in (None, 80, 443) else "")
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _says_nothing(pair))
    fragment = parts.fragment
    if fragment and all(_says_nothing(pair) for pair in fragment.split("&")):
        fragment = ""
    folded = f"https://{place}{path}"
    return folded + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _out_of_cache(host: str, parts: SplitResult) -> str:
    """The publisher's address of a copy in a cache; empty: it is none."""
    if not (host.endswith(".cdn.ampproject.org") or _GOOGLE.fullmatch(host)):
        return ""
    found = _CACHED.fullmatch(parts.path)
    return f"https://{found['rest']}{f'?{parts.query}' if parts.query else ''}" if found else ""


def _host(host: str, *, at_home: bool) -> str:
    """Without the labels that only change the dress; of a home page, which is no article, without www."""
    labels = host.rstrip(".").split(".")
    while labels[0] in (_WWW if at_home else _DRESSES) and len(labels) > _FEWEST_LABELS:
        labels = labels[1:]
    # en.m.encyclopedia.example
    if not at_home and len(labels) > _FEWEST_LABELS + 1 and labels[1] == "m":
        del labels[1]
    return ".".join(labels)


def _path(path: str) -> str:
    """Without /amp at either end, .amp and a slash at the end."""
    segments = path.strip("/").split("/")
    while len(segments) > 1 and segments[-1] in ("amp", "amp.html"):
        segments.pop()
    while len(segments) > 1 and segments[0] == "amp":
        del segments[0]
    segments[-1] = _AMP_ENDING.sub(r"\1", segments[-1])
    return "/" + "/".join(segments)


def _says_nothing(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = unquote(name).lower()
    if name in TRACKERS or name.startswith(_TRACKER_FAMILIES):
        return True
    if name not in _AMP:
        return False
    said = _AMP[name]
    return said is None or value.lower() in said
