"""Which edits say nothing: time stamps, counters and "read more" that change while the words stay.

Only whole lines, and parts in brackets, that hold nothing but such a stamp are left out. A number inside a
sentence is never touched: "12 dead" that becomes "15 dead" is news.
"""

from __future__ import annotations

import re

_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|august|"
    "september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|"
    "janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|"
    "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня"
)
_DAYS = (
    "mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|today|yesterday|сегодня|вчера|heute|gestern"
)
_ZONES = "gmt|utc|bst|cet|cest|est|edt|cst|cdt|mst|mdt|pst|pdt|ist|eet|eest|msk|мск|et|pt|z"
#: What a moment is written with.
_MOMENT = (
    r"(?:\d{4}-\d\d-\d\dt\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?z?|\d{1,2}h\d\d"
    rf"|\d{{1,4}}(?:st|nd|rd|th)?|{_MONTHS}|{_DAYS}|{_ZONES}|a\.?m\.?|p\.?m\.?|h|uhr|at|on|on the|um|am|à|le|"
    r"el|de|of|в|на|о|року|года|году|г|р|t)"
)
_MOMENTS = rf"{_MOMENT}(?:[\s.,:;/+()|·–—-]{{1,3}}{_MOMENT}){{0,15}}[.)]?"
_AGO = (
    r"(?:about |over |less than )?(?:an?|\d{1,3}) ?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|"
    r"days?|weeks?) ago|just now|\d{1,3} (?:секунд|минут|час|дн|день)\w{0,3} назад|"
    r"vor \d{1,3} (?:sekunden?|minuten?|stunden?|tagen?)|il y a \d{1,3} (?:secondes?|minutes?|heures?|jours?)"
)
#: Words that announce a moment.
_LABEL = (
    r"(?:(?:last |first |article |story |page )?(?:updated|modified|published|posted|edited|revised)"
    r"|last (?:update|change|modification)|update|published and updated"
    r"|обновлено|опубликовано|дата публикации|последнее обновление|изменено|оновлено|опубліковано"
    r"|aktualisiert|zuletzt aktualisiert|stand|veröffentlicht|mis à jour|publié|dernière mise à jour"
    r"|actualizado|publicado|última actualización)"
)
_COUNTED = (
    r"(?:comments?|replies|views?|reads?|shares?|likes?|reactions?|retweets?|votes?|"
    r"min(?:ute)?s?\.? read|minute read|комментари\w{0,2}|просмотр\w{0,3}|репост\w{0,2}|мин\w{0,3} чтения|"
    r"коментар\w{0,3}|перегляд\w{0,2}|kommentare?|aufrufe|commentaires?|vues|comentarios?)"
)
_COUNTER = (
    rf"(?:\d[\d.,\u00a0 ]{{0,12}}[kmкм]? ?{_COUNTED}"
    rf"|{_COUNTED}:? ?\(?\d[\d.,\u00a0 ]{{0,12}}[kmкм]?\)?|no comments yet)"
)
_MORE = (
    r"(?:read|see|show|continue|view) (?:more|on|reading)(?: ?\(?\d{1,5}\)?)?|continue reading|"
    r"читать далее|читать дальше|подробнее|weiterlesen|lire la suite|leer más"
)
_STAMP = (
    rf"{_LABEL}[\s:,-]{{0,3}}(?:on |at |am |um |le |el |в |на )?(?:{_MOMENTS}|{_AGO})"
    rf"|{_AGO}|{_COUNTER}|(?:{_MORE})[\s.…›»>→]{{0,4}}"
)
_LINE = re.compile(rf"[\s•·|*–—-]{{0,4}}(?:{_STAMP})[\s.…|]{{0,4}}", re.IGNORECASE)
_BRACKETED = re.compile(rf"[(\[]\s?(?:{_STAMP})\s?[)\]]", re.IGNORECASE)
#: A longer line holds more than a stamp.
_LONGEST_LINE = 100


def settled(text: str) -> str:
    """The text without lines and bracketed parts that hold only a time stamp, a counter or a "read more".

    White space is evened out. A text that is nothing but a stamp stays as it is, so that it is still a text.
    """
    is_stamp = _LINE.fullmatch
    # Without other line ends a text is taken apart in half the time, and need not be asked again.
    is_tidy = is_printable(text.replace("\n", " "))
    lines = text.split("\n") if is_tidy else text.splitlines()
    lines = [line for line in lines if line and (len(line) > _LONGEST_LINE or not is_stamp(line))]
    if "(" in text or "[" in text:
        left = evened(_BRACKETED.sub(" ", "\n".join(lines)))
    else:
        left = _closed_up(" ".join(lines)) if is_tidy else evened(" ".join(lines))
    return left or evened(text)


def evened(text: str) -> str:
    """The words of a text in one line, with one space between two."""
    return _closed_up(text) if is_printable(text) else " ".join(text.split())


def _closed_up(text: str) -> str:
    """The same for a text that is printable."""
    # Most texts are so already, and asking costs a third of taking them apart and putting them together.
    if "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(text.split())


_PRINTABLE = bytes(range(0x20, 0x7F))


def is_printable(text: str) -> bool:
    """As `str.isprintable`: no control characters, of white space only " "; ASCII in a third of the time."""
    return not text.encode().translate(None, _PRINTABLE) if text.isascii() else text.isprintable()
