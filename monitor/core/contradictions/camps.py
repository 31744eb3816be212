"""Do two voices of one article speak for the same people? A firm and its director do not contradict each
other by standing side by side."""

from __future__ import annotations

from monitor.core.types import Claim
from monitor.core.wording import WORD, stem, word_set

_WHOSE = word_set("its his her their our my его ее её их свой")
# Who speaks for a body, whoever it is.
_OFFICERS = frozenset(
    stem(word)
    for word in word_set(
        """
        spokesman spokeswoman spokesperson director manager executive ceo chief head chairman chairwoman
        president secretary leader founder owner boss official officer deputy representative captain
        commander minister press director-general general lawyer attorney counsel
        представитель представительница директор глава руководитель начальник председатель секретарь
        пресс-секретарь владелец адвокат юрист министр заместитель замминистра
        """
    )
)
# They left, or stand against those whose name they carry.
_ESTRANGED = word_set(
    """
    former ex ex- fired dismissed sacked ousted rival opposition dissident whistleblower own splinter branch
    бывший экс экс- уволенный оппозиционный
    """
)
_BODIES = frozenset(
    stem(word)
    for word in word_set(
        """
        company firm group operator airline carrier caterer owner manufacturer line bank club party union
        ministry government agency department office authority service hospital clinic school university
        museum plant factory port council commission committee court army military police palace team league
        federation association charity organisation organization church embassy network publisher developer
        компания фирма группа оператор предприятие завод банк клуб партия профсоюз министерство ведомство
        правительство служба больница школа университет комиссия комитет суд полиция мэрия администрация
        """
    )
)
_MIN_LETTERS = 4


def one_camp(a: Claim, b: Claim) -> bool:
    """Whether one of the two speaks for the other, as far as their article says; a before b in the text."""
    x, y = a.speaker, b.speaker
    if x.name.casefold() == y.name.casefold() or (x.entity and x.entity == y.entity):
        return True
    called_a, called_b = _called(a), _called(b)
    if (called_a | called_b) & _ESTRANGED:
        return False
    if x.side and x.side == y.side:
        return True
    name_a, name_b = _name(a), _name(b)
    if name_a and name_b and (name_a <= name_b or name_b <= name_a):
        return True
    if name_a & called_b - name_b or name_b & called_a - name_a:
        return True
    if called_b & _WHOSE and called_b & (_OFFICERS | _BODIES):
        return True
    # "The company said …; its director": who speaks for a body that nobody else's name stands beside.
    for body, officer in ((called_a | name_a, called_b), (called_b | name_b, called_a)):
        if body & _BODIES and officer & _OFFICERS and not officer & _BODIES - body:
            return True
    return False


def _called(claim: Claim) -> frozenset[str]:
    words = claim.setting.called if claim.setting else frozenset[str]()
    return frozenset({*(stem(w) for w in words), *(w for w in words if w in _WHOSE | _ESTRANGED)})


def _name(claim: Claim) -> frozenset[str]:
    words = WORD.findall(claim.speaker.name.casefold())
    return frozenset(stem(w) for w in words if len(w) >= _MIN_LETTERS)
