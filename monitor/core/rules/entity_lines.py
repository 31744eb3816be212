"""An entity in one text, for tables of many: `place | Minsk | belarusian_government | Minsk; Минск / Минска`.

Reading YAML costs by the value, and a gazetteer has thousands of names: here an entity is one value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic_core import PydanticCustomError

#: What the fields of a line are, in order; the first four are always there.
FIELDS = ("type", "name", "side", "aliases", "roles", "context")
_NEEDED = 4
# With spaces, so that a name may have the sign in it.
_BETWEEN_FIELDS = re.compile(r" \|(?= )")
_BETWEEN_NAMES = ";"
_BETWEEN_FORMS = " / "
_EXACT = "="


def entity_of_line(value: object) -> object:
    """The mapping that a line stands for; anything but a text is handed on as it is.

    Names are divided by `;`, the written forms of one name by ` / `; a name after `=` has its capitals as
    written. Raises PydanticCustomError where the line has too few fields or too many.
    """
    if not isinstance(value, str):
        return value
    # Line breaks are only for the eye; a field may be empty, also the last one.
    fields = [field.strip() for field in _BETWEEN_FIELDS.split(f" {' '.join(value.split())} ")]
    if not _NEEDED <= len(fields) <= len(FIELDS):
        raise PydanticCustomError(
            "bad-value",
            "the line has {count} fields",
            {
                "count": len(fields),
                "help": "write: type | name | side | names | roles | context; the last two if wanted",
            },
        )
    read = dict(zip(FIELDS, fields, strict=False))
    return {
        "type": read["type"],
        "name": read["name"],
        "side": read["side"] or None,
        "aliases": [_alias(name) for name in _names(read["aliases"])],
        "roles": _names(read.get("roles", "")),
        "context": _names(read.get("context", "")),
    }


# The same signs in the text as it is written, line breaks and all.
_FIELD_SIGN = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")
_FORM_SIGN = re.compile(r"(?<=\s)/(?=\s)")


def names_of_line(line: str) -> Iterator[tuple[str, int]]:
    """Every written form in the line, and where in it that begins; nothing where it has too few fields."""
    signs = [sign.start() for sign in _FIELD_SIGN.finditer(line)]
    place = FIELDS.index("aliases")
    if len(signs) < place:
        return
    end = signs[place] if len(signs) > place else len(line)
    at = signs[place - 1] + 1
    for name in line[at:end].split(_BETWEEN_NAMES):
        begin = at
        for number, form in enumerate(_FORM_SIGN.split(name)):
            bare = form.strip().removeprefix(_EXACT if number == 0 else "").strip()
            if bare:
                yield " ".join(bare.split()), begin + form.index(bare)
            begin += len(form) + 1
        at += len(name) + 1


def _names(field: str) -> list[str]:
    return [name.strip() for name in field.split(_BETWEEN_NAMES) if name.strip()]


def _alias(name: str) -> Mapping[str, object]:
    text, *forms = (form.strip() for form in name.removeprefix(_EXACT).split(_BETWEEN_FORMS))
    return {"text": text, "forms": forms, "case": "exact" if name.startswith(_EXACT) else "fold"}
