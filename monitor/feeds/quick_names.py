"""Which elements of a feed the quick reader knows, by the names that feedparser gives them.

feedparser calls an element by the standard prefix of its namespace and its name in lower case
("dc_creator"; no prefix for RSS and Atom). Here stands, for each, what the quick reader does with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feedparser.api import StrictFeedParser

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS_10 = "http://purl.org/rss/1.0/"
RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"
XML = "http://www.w3.org/XML/1998/namespace"

_STANDARD: Mapping[str, str] = {
    uri.lower(): prefix.lower() for uri, prefix in StrictFeedParser.namespaces.items()
}
_PREFIXES = frozenset(_STANDARD.values()) | {"xml"}
#: Elements for which feedparser has code of its own; the others it keeps as text under their name.
_HANDLED = frozenset(
    name.split("_", 2)[2].lower() for name in dir(StrictFeedParser) if name.startswith(("_start_", "_end_"))
)
#: Names under which feedparser keeps what we read: an element of such a name would overwrite it.
_OURS = frozenset(
    {"id", "link", "links", "title", "title_detail", "summary", "summary_detail", "content", "author"}
    | {"authors", "author_detail", "published", "published_parsed", "updated", "updated_parsed"}
    | {"created", "created_parsed", "language", "image", "textinput", "items", "guidislink"}
)

#: Elements of an entry that change nothing of what we read, as long as nothing is nested in them.
_IDLE_LEAVES = frozenset(
    {"category", "keywords", "comments", "enclosure", "rights", "copyright", "webmaster", "publisher"}
    | {"language", "expirationdate", "subtitle", "generator"}
    | {"dc_subject", "dc_publisher", "dc_rights", "dc_contributor", "dc_language"}
    | {"media_thumbnail", "media_credit", "media_keywords", "media_category", "media_player"}
    | {"media_restriction", "media_license", "media_rating"}
    | {"itunes_explicit", "itunes_block", "itunes_image", "itunes_keywords", "itunes_subtitle"}
    | {"georss_point", "georss_line", "georss_polygon", "georss_box"}
    | {"creativecommons_license", "cc_license"}
)
#: Elements of a feed, outside its entries, of which the same holds.
_IDLE_FEED_LEAVES = _IDLE_LEAVES | {
    "description",
    "tagline",
    "pubdate",
    "published",
    "lastbuilddate",
    "updated",
    "modified",
    "managingeditor",
    "author",
    "cloud",
    "dc_creator",
    "dc_date",
    "admin_generatoragent",
    "admin_errorreportsto",
    "image",
    "itunes_author",
    "feedburner_browserfriendly",
    "info",
}
#: What may be nested in elements of a feed, outside its entries.
FEED_NESTS: Mapping[str, frozenset[str]] = {
    "image": frozenset({"title", "link", "url", "width", "height", "description"}),
    "author": frozenset({"name", "email", "uri", "url"}),
    "contributor": frozenset({"name", "email", "uri", "url"}),
    "itunes_owner": frozenset({"itunes_name", "itunes_email"}),
    "skiphours": frozenset({"hour"}),
    "skipdays": frozenset({"day"}),
}


class Namespaces:
    """The namespaces of one document, as feedparser understands them.

    It looks at prefixes where it does not know a namespace: elements of an unknown one without a prefix
    pass for RSS, and those with a prefix that it knows for what the prefix usually means.
    """

    def __init__(self, declared: Iterable[tuple[str, str]]) -> None:
        """From (prefix, address) pairs. Raises ValueError where only feedparser can follow them."""
        self._meanings: dict[str, str] = {}
        bound: dict[str, str] = {}
        for given, uri in declared:
            prefix, standard = given.lower(), _standard(uri)
            if prefix and bound.setdefault(prefix, uri) != uri:
                raise ValueError(f"the prefix {prefix} means two things")
            known = prefix and prefix in _PREFIXES
            if standard is not None and known and prefix != standard:
                raise ValueError(f"the prefix {prefix} means something unusual")
            if standard is None:
                standard = prefix if known or not prefix else "?"
            if self._meanings.setdefault(uri, standard) != standard:
                raise ValueError(f"{uri} has two prefixes")
        self.addresses = frozenset(uri.lower() for uri in self._meanings)

    def name(self, tag: str) -> str:
        """feedparser's name for an element ("dc_creator"); with a "?" in front where it means nothing."""
        uri, brace, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
        prefix = self._meanings.get(uri, "?") if brace else ""
        return f"{prefix}_{local.lower()}" if prefix else local.lower()


def _standard(uri: str) -> str | None:
    lower = uri.lower()
    return "" if "backend.userland.com/rss" in lower else _STANDARD.get(lower)


def is_idle(name: str, *, in_entry: bool) -> bool:
    """Whether an element without anything nested changes nothing of what we read."""
    if name.startswith("?") or name in (_IDLE_LEAVES if in_entry else _IDLE_FEED_LEAVES):
        return True
    return name not in _HANDLED and name not in _OURS
