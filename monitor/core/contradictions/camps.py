"""Do two voices of one article speak for the same people? A firm and its director do not contradict each
other by standing side by side."""

from __future__ import annotations

import re

from monitor.core.name_sounds import one_name
from monitor.core.types import Claim, ClaimKind
from monitor.core.wording import WORD, is_cyrillic, stem, stem_set, word_set

_WHOSE = word_set("its his her their our my его ее её их свой")
_OF_A_PERSON = word_set("his her его её")
_ANY = word_set("a an")
# "Two people who work there".
_SOME = re.compile(
    r"(?i)(?:two|three|several|some|many|people|witnesses|residents|neighbou?rs|двое|трое|жители)\b"
)
# Who speaks for a body, whoever it is.
_OFFICERS = stem_set(
    """
    spokesman spokeswoman spokesperson director manager executive ceo chief head chairman chairwoman
    president secretary leader founder owner boss official officer deputy representative captain
    commander minister press director-general general lawyer attorney counsel
    представитель представительница директор глава руководитель начальник председатель секретарь
    пресс-секретарь владелец адвокат юрист министр заместитель замминистра
    """
)
# They left, or stand against those whose name they carry.
_ESTRANGED = word_set(
    """
    former ex ex- fired dismissed sacked ousted rival opposition dissident whistleblower own splinter branch
    бывший экс экс- уволенный оппозиционный
    """
)
# Who else is called by what they are: "the candidate", "the farmer" is whoever was just spoken of.
_HOLDERS = stem_set(
    """
    candidate senator governor mayor premier lawmaker nominee congressman congresswoman billionaire
    businessman pilot doctor teacher coach player singer suspect defendant man woman
    general colonel major admiral commodore
    кандидат губернатор мэр депутат генерал полковник майор адмирал
    """
)
_BODIES = stem_set(
    """
    company firm group operator airline carrier caterer owner manufacturer line bank club party union
    ministry government agency department office authority service hospital clinic school university
    museum plant factory port council commission committee court army military police palace team league
    federation association charity campaign team administration organisation organization church embassy
    network publisher developer inspectorate regulator watchdog smelter mine yard shipyard mill refinery
    компания фирма группа оператор предприятие завод банк клуб партия профсоюз министерство ведомство
    правительство служба больница школа университет комиссия комитет суд полиция мэрия администрация
    """
)
# Whatever kind of business the article has: "the operator said …, a company spokeswoman said …".
_FIRMS = stem_set(
    """
    company firm group operator airline carrier caterer owner manufacturer line bank plant factory
    developer publisher smelter mine yard shipyard mill refinery
    компания фирма группа оператор предприятие завод
    """
)
_THE_FIRM = stem_set("company firm group компания фирма предприятие")
# Stems of bodies, and none.
_NO_BODIES = word_set("banker bankers")
# They answer to nobody's director: "police said … the director said" are two camps.
_AUTHORITIES = stem_set(
    """
    police army military court committee commission council prosecutor's prosecutors inspectorate
    полиция суд комитет комиссия совет прокуратура инспекция
    """
)
_IN_OFFICE = stem_set("minister министр замминистра")
_OF_STATE = stem_set(
    """
    ministry government agency department office authority service administration embassy
    министерство ведомство правительство служба администрация
    """
)
_IN_BUSINESS = stem_set(
    """
    director manager executive ceo owner boss lawyer attorney counsel
    директор владелец адвокат юрист
    """
)
# What reporters quote to fill in a picture: it seldom stands up against the voice beside it.
_PAPERS = stem_set(
    """
    survey poll polling study report lawsuit complaint records document documents letter memo
    media press newspaper paper magazine broadcaster television radio news post times journal tribune
    center centre institute foundation think-tank website blog
    опрос исследование доклад отчет документ газета журнал телеканал радио агентство сайт
    """
)
_SURVEYS = stem_set("poll pollster survey respondent опрос респондент")
_MIN_LETTERS = 4
# Those asked in a poll, and whoever "those who" are.
_NOBODY_IN_PARTICULAR = re.compile(
    r"(?i)\bper ?cent\b|%|\b(?:in|of|out of) (?:\d+|ten|five|four|three)\b|"
    r"^(?:those|these|who|many|most|some|others|few|half|everyone|everybody|people)$|\bпроцент"
)
# Written large inside a sentence, or two such words at its beginning.
_NAMED = re.compile(r"(?<=[a-zа-яё,] )[^\W\d_a-zа-яё]\w{3,}|^[^\W\d_a-zа-яё]\w+(?= [^\W\d_a-zа-яё]\w{3,})")
# "The directors learned of it": more than one, so "their chairman" is theirs.
_SEVERAL = re.compile(r"^The (?:\w+ )?(\w{4,}s)\b")


def one_camp(a: Claim, b: Claim) -> bool:
    """Whether one of the two speaks for the other, as far as their article says; a before b in the text."""
    x, y = a.speaker, b.speaker
    if one_voice(a, b):
        return True
    called_a, called_b = _called(a), _called(b)
    if _is_estranged(a) or _is_estranged(b):
        return False
    if x.side and x.side == y.side:
        return True
    name_a, name_b = _name(a), _name(b)
    if name_a and name_b and (name_a <= name_b or name_b <= name_a):
        return True
    if name_a & called_b - name_b or name_b & called_a - name_a:
        return True
    if _is_theirs(called_a | name_a, called_b, a) and not _of_somebody_else(b, name_a):
        return True
    if _may_be_one_person(a, b) or _may_be_one_person(b, a):
        return True
    return _officer_of(called_a | name_a, called_b) or _officer_of(called_b | name_b, called_a)


def _is_theirs(first: frozenset[str], second: frozenset[str], a: Claim) -> bool:
    """'Its director', 'her office', of whoever spoke before: of a body or of a person, as the word goes."""
    if not second & _WHOSE or not second & (_OFFICERS | _BODIES):
        return False
    if second & _OF_A_PERSON and (first & _BODIES or _SOME.match(a.speaker.name)):
        # "He is free, the police said. He is not, said his lawyer."
        return False
    return not (first & _AUTHORITIES and second & _IN_BUSINESS)


def one_voice(a: Claim, b: Claim) -> bool:
    """Whether it is the very same speaker, and not only one who may speak for the same body."""
    x, y = a.speaker, b.speaker
    return one_name(x.name, y.name) or bool(x.entity and x.entity == y.entity)


def _officer_of(body: frozenset[str], officer: frozenset[str]) -> bool:
    """ "The company said …; the director …": who speaks for a body that nobody else's name stands beside."""
    of_another = officer & _BODIES - body
    if not body & _BODIES or not officer & _OFFICERS:
        return False
    if of_another and not (of_another <= _THE_FIRM and body & _FIRMS):
        return False
    # "A committee official" has a body of his own to speak for, and "his lawyer" a client; "a security
    # official" is of some other body than the one before, and no union speaks through a minister.
    if body & _OFFICERS or officer & _WHOSE or officer & _ANY:
        return False
    if officer & _IN_OFFICE and not body & _OF_STATE:
        return False
    return not (body & _AUTHORITIES and officer & _IN_BUSINESS)


def _may_be_one_person(named: Claim, role: Claim) -> bool:
    """'Ruiz said …; the candidate said …': an office with the article, and somebody who may hold it."""
    full_name = [word for word in WORD.findall(named.speaker.name) if word[:1].isupper()]
    called = _called(role)
    if len(full_name) < 2 or _called(named) & _BODIES or called & _BODIES or _names_of(role):
        return False
    spoken_of = role.setting.called if role.setting else frozenset[str]()
    # "Ana Ruiz, the line's director, … the minister": she has an office, and it is another one.
    offices = _OFFICERS | _HOLDERS
    own = _called(named) & offices
    # Russian has no article: «по словам генерала».
    of_known = "the" in spoken_of or is_cyrillic(role.speaker.surface)
    return of_known and bool(called & (own or offices))


def _of_somebody_else(b: Claim, first: frozenset[str]) -> bool:
    """'Ruiz was at home all evening, says her chief of staff': whose they are is named in what is said."""
    if b.kind is ClaimKind.DIRECT or b.setting is None:
        return False
    surface = b.speaker.surface.casefold()
    if not surface or surface not in b.setting.after.casefold():
        return False
    several = _SEVERAL.match(b.quote) if "their" in _called(b) else None
    named = {stem(word) for word in _NAMED.findall(b.quote)}
    return several is not None or (bool(named) and not named & first)


def _names_of(claim: Claim) -> frozenset[str]:
    """Stems of the words of the speaker's name that are written large: "Li Wei", not "the officials"."""
    return frozenset(stem(w) for w in WORD.findall(claim.speaker.name) if w[:1].isupper())


def in_person(claim: Claim) -> bool:
    """Whether somebody with a name speaks for themselves: no "two U.S. officials", no survey, no paper."""
    words = claim.speaker.name.split()
    if not words or not words[0][:1].isupper() or (words[-1].islower() and words[-1].endswith("s")):
        return False
    return not (_name(claim) | _called(claim)) & _PAPERS


def is_survey(claim: Claim) -> bool:
    """Whether a poll speaks, or the claim is about one."""
    return not _SURVEYS.isdisjoint(map(stem, WORD.findall(f"{claim.speaker.name} {claim.quote}".casefold())))


def is_anybody(claim: Claim) -> bool:
    """Whether the speaker is a share of the people asked, or nobody that one could ask again."""
    return _NOBODY_IN_PARTICULAR.search(claim.speaker.name) is not None


def _called(claim: Claim) -> frozenset[str]:
    words = claim.setting.called if claim.setting else frozenset[str]()
    return frozenset({*(stem(w) for w in words if w not in _NO_BODIES), *(words & (_WHOSE | _ANY))})


def _is_estranged(claim: Claim) -> bool:
    # As written: "owner" has the stem of "own".
    return claim.setting is not None and not _ESTRANGED.isdisjoint(claim.setting.called)


def _name(claim: Claim) -> frozenset[str]:
    words = WORD.findall(claim.speaker.name.casefold())
    return frozenset(w if w in _NO_BODIES else stem(w) for w in words if len(w) >= _MIN_LETTERS)
