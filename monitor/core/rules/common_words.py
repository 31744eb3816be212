"""Words that stand in nearly every article, so that looking for one of them alone finds everything.

A short list of our own: function words, and the verbs and nouns that any report has.
In the normal form (small letters, plain apostrophes, е for ё).
"""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = """
a about after again all also although among an and any are around as at back be because been before
being between both but by can could day days did do does during each even every few first for from get
had has have he her here him his how i if in including into is it its just last later least less like
made make many may me might more most much must my new no not now of off old on one only or other our
out over own people said same say says second see several she should since so some still such take than
that the their them then there these they thing things this those though three through time times to
today too two under until up upon us use very was way we well were what when where which while who whose
why will with without would year years yes yet you your
"""
_RUSSIAN = """
а без более бы был была были было быть в вам вас весь во вот все всех всего всем вы где год года году да
даже для до его ее если есть еще же за заявил заявила и из или им их к как какой когда которая которого
которое которой котором который которые которых кто ли между менее меня мне много может мы на над нам
нас не него нее ней нет них но ну о об однако он она они оно от очень по под после потом потому при про
раз с сам свой свою себя сегодня сейчас со стал так также такой там те тем то того тоже той только том
тот ты у уже чем через что чтобы эта эти это этого этой этом этот я
"""
_UKRAINIAN = """
або але без був була були було бути в вам вас вже ви від він вона вони воно все всі від де для до же за
заявив заявила з зі і із інші її їй їм їх його й коли ми між може на над нам нас не немає ні ну о ось по
під після про при рік року році сам свій свою себе сьогодні та так також такий там те ти тільки то тоді
того той том у хто це цей ці цього цьому час через чи чому що щоб ще як яка яке який які якого якій
якому яких я
"""

COMMON_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "ru": frozenset(_RUSSIAN.split()),
    "uk": frozenset(_UKRAINIAN.split()),
}

_LANGUAGE_NAMES = {"en": "English", "ru": "Russian", "uk": "Ukrainian"}


def common_in(normal: str) -> str:
    """The language, by its name, in which nearly every article has this normal form; empty for a rare one."""
    return next((_LANGUAGE_NAMES[lang] for lang, words in COMMON_WORDS.items() if normal in words), "")
