"""STIX 2.1 (OASIS): who (identity), what was published (report), what was said (note), in one bundle.

An own table of four objects, no library: `stix2` collects a bundle before it writes it; the tests read what
comes out with it.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from monitor.core.exporting.kinds import KINDS, Object, article_key, claim_at, claim_key
from monitor.core.exporting.names import name_of
from monitor.core.terminal import clean_block, escape_json

#: Objects that are remembered so that they are written once; one that was forgotten is written again, which
#: readers take for the same version of the same object (STIX 2.1 §3.6).
_REMEMBERED = 50_000
# Of identities, which have no time.
_ALWAYS = "2020-01-01T00:00:00.000Z"

StixObject = dict[str, Any]


def stix(kind: str, objects: Iterable[Object]) -> Iterator[str]:
    """A bundle of these records with all that they refer to, one object a line; of none, only ourselves."""
    written: OrderedDict[str, None] = OrderedDict()
    yield f'{{"type": "bundle", "id": "bundle--{name_of(["bundle", kind])}", "objects": [\n'
    yield _text(_OURSELVES)
    for one in objects:
        for made in _MAKERS[kind](one):
            if made["id"] in written:
                written.move_to_end(made["id"])
                continue
            written[made["id"]] = None
            if len(written) > _REMEMBERED:
                written.popitem(last=False)
            yield ",\n" + _text(made)
    yield "\n]}\n"


def _text(made: StixObject) -> str:
    return escape_json(json.dumps(made, ensure_ascii=False))


# ---------------------------------------------------------------- the objects


def _identity(name: str, of: str) -> StixObject:
    name = clean_block(name).strip() or "unknown"
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{name_of(['identity', of, name])}",
        "created": _ALWAYS,
        "modified": _ALWAYS,
        "name": name,
        "identity_class": of,
    }


_OURSELVES = _identity("Claimwatch", "system")


def _made(type: str, key: Iterable[str], at: str, **fields: Any) -> StixObject:
    at = _stamp(at)
    return {
        "type": type,
        "spec_version": "2.1",
        "id": f"{type}--{name_of(key)}",
        "created_by_ref": _OURSELVES["id"],
        "created": at,
        "modified": at,
        **{name: value for name, value in fields.items() if value},
    }


def _stamp(at: str) -> str:
    moment = datetime.fromisoformat(at).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _reference(article: Object) -> list[StixObject]:
    """Where to read it; STIX wants an address or a description."""
    publisher = clean_block(article["publisher"]) or "unknown"
    shown = {"url": article["url"]} if article["url"] else {"description": article["title"] or publisher}
    return [{"source_name": publisher, **shown}]


def _article(article: Object, at: str) -> Iterator[StixObject]:
    publisher = _identity(article["publisher"], "organization")
    yield publisher
    yield _made(
        "report",
        article_key(article),
        at,
        name=clean_block(article["title"]) or "untitled",
        published=_stamp(at),
        object_refs=[publisher["id"]],
        labels=["article"],
        external_references=_reference(article),
    )


def _claim(claim: Object) -> Iterator[StixObject]:
    at = claim_at(claim)
    *before, report = _article(claim["article"], at)
    speaker = _identity(claim["speaker"]["name"], "unknown")
    yield from (*before, report, speaker)
    yield _made(
        "note",
        claim_key(claim),
        at,
        abstract=f"{speaker['name']}: {claim['stance']}",
        content=clean_block(claim["quote"]) or "…",
        authors=[speaker["name"]],
        object_refs=[speaker["id"], report["id"]],
        labels=["claim", claim["stance"]],
        external_references=_reference(claim["article"]),
    )


def _report(kind: str) -> Callable[[Object], Iterator[StixObject]]:
    """A report on the claims that such a record shows; without any, on its articles."""
    row = KINDS[kind]

    def make(one: Object) -> Iterator[StixObject]:
        at, about = row.at(one), []
        for claim in row.claims(one):
            *before, note = _claim(claim)
            yield from (*before, note)
            about.append(note["id"])
        for article in row.articles(one) if not about else ():
            *before, report = _article(article, article["published_at"] or at)
            yield from (*before, report)
            about.append(report["id"])
        yield _made(
            "report",
            row.key(one),
            at,
            name=clean_block(row.title(one)) or "untitled",
            description=clean_block(row.text(one)),
            published=_stamp(at),
            object_refs=list(dict.fromkeys(about)) or [_OURSELVES["id"]],
            labels=[kind],
        )

    return make


_MAKERS: dict[str, Callable[[Object], Iterator[StixObject]]] = {
    "articles": lambda one: _article(one, KINDS["articles"].at(one)),
    "claims": _claim,
    **{kind: _report(kind) for kind in KINDS if kind not in ("articles", "claims")},
}
