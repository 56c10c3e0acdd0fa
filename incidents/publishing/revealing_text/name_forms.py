"""The spellings by which a name is sought, and which words are forms of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from incidents.publishing.revealing_text.findings import HiddenName
from incidents.publishing.revealing_text.generic_words import GENERIC
from incidents.publishing.revealing_text.spelling import key, stems
from incidents.publishing.revealing_text.words import words_of

LONGEST_NAME = 8
"""Words of a name; what is longer is a description of a place, of which only single words are sought."""

SHORT, WITHIN = 5, 6
"""Letters of a stem: fewer than SHORT take known endings only, from WITHIN on it is sought within words too."""

LONGEST_ENDING = 7

SPLIT_OFF = 8
"""Letters that the first two words of a name have if they are sought alone."""

SAINTS = {
    key(word): tuple(short.split())
    for words, short in (
        ("Saint Sankt Saints", "St S"),
        ("Sainte Saintes", "Ste"),
        ("San Santo São", "S Sto"),
        ("Santa", "Sta S"),
        ("Port", "P"),
        ("Mount Mont Monte", "Mt"),
        ("Fort", "Ft"),
        ("Villa Villanueva", "Va"),
    )
    for word in words.split()
}
"""First words of names that are abbreviated, with their abbreviations."""

_ENDINGS = """
s es a i u e o om em im m am iam ami iami ah ag iag oi ei ov ovi evi eve iv ev ie iem im ego ogo omu emu oiu iu
ka ke ki ko koi kog koga kogo komu kom kim kig kiu sk ska ske ski sko skoi skogo skomu skom skim skig ci ce cam cag
er ers en ens an ans ian ians ite ites in ine de da den dan ta te tan ten nin nun un na ni no nu
it iti itiv itka ec civ eu
"""
_ADJECTIVES = "ski ska ske sko sku skoi skogo skomu skom skim skimi skig"
ADJECTIVES = frozenset(f"{between}{each}" for each in _ADJECTIVES.split() for between in ("", "an", "en", "in", "iv"))
"""Endings by which a word is made of a name, however short that is: сум-ський, буч-анський."""

ENDINGS = frozenset(_ENDINGS.split()) | ADJECTIVES | {""}
"""What follows short stems in inflected forms and in what is made of names, as keys: Сум-ах, Rom-an."""


@dataclass(frozen=True)
class Spelling:
    """A name as a sequence of words, each with the stems of its forms.

    `part` is one that is but a word of the name, `shared` one that is also a word of a name which may be read.
    """

    name: HiddenName
    words: tuple[frozenset[str], ...]
    whole: str
    part: bool = False
    shared: bool = False


def spellings(name: HiddenName) -> Iterator[Spelling]:
    """Spellings by which a name is sought: the name, written in one word, and its telling words alone."""
    words = [word.text for word in words_of(name.name)]
    telling = [word for word in words if key(word) not in GENERIC]
    if not telling or not any(len(key(word)) > 1 for word in telling):
        return
    if len(words) <= LONGEST_NAME:
        for some in (words, *_shortened(words)):
            yield Spelling(name, tuple(stems(word) for word in some), key("".join(some)), part=some is not words)
        if len(words) > 1:
            joined = "".join(words)
            yield Spelling(name, (stems(joined),), key(joined))
    if len(words) > 1 and not name.nearby:
        for word in telling:
            if len(key(word)) >= SHORT and not word[:1].islower() and not word.isdecimal():
                yield Spelling(name, (stems(word),), key(word), part=True)


def _shortened(words: Sequence[str]) -> Iterator[list[str]]:
    """A name of several words as it is written in short: St-Jean-de-Luz, Saint-Jean."""
    if len(words) > 1 and (short := SAINTS.get(key(words[0]))):
        yield from ([each, *words[1:]] for each in short)
    if len(words) > 2 and len(key("".join(words[:2]))) >= SPLIT_OFF and key(words[1]) not in GENERIC:
        yield list(words[:2])


def initials_of(name: HiddenName) -> regex.Pattern[str] | None:
    """A pattern of the first letters of a name of several words: three or more, or two with points."""
    letters = [word.text[0] for word in words_of(name.name) if not word.text[0].isdecimal()]
    large = [letter for letter in letters if letter.isupper()]
    if name.nearby or len(large) < 2 or len(letters) > LONGEST_NAME:
        return None
    small = {letter: rf"(?:[{letter}{letter.upper()}][.-]?)?" for letter in letters if not letter.isupper()}
    forms = [r"\.[\s-]?".join(large) + r"\."]
    if len(letters) > 2:
        forms += ["".join(small.get(letter, rf"{letter}[.-]?") for letter in letters)]
    return regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?:{'|'.join(forms)})(?![\p{{L}}\p{{N}}])")


def fits(each: Spelling, stem: str, reading: str, *, small: bool) -> bool:
    """Whether a word that begins with this stem is a form of the name."""
    ending = reading[len(stem) :]
    if stem.isdecimal():
        return not ending
    if small and each.name.nearby and len(stem) <= WITHIN:
        return False  # villages are called Peaceful and New
    if len(stem) < 4:
        return ending in ADJECTIVES or (not small and ending in ENDINGS)
    if len(stem) < SHORT:
        return ending in ENDINGS
    return len(ending) <= LONGEST_ENDING


def follows(reading: str, stem: str) -> bool:
    """Whether a word that begins with this stem is a form of it, within a name of several words."""
    ending = reading[len(stem) :]
    if len(stem) < 3 or stem.isdecimal():
        return not ending
    return len(ending) <= 4


def continues(reading: str, known: frozenset[str]) -> bool:
    """Whether a word is a form of the next word of a name."""
    return any(reading.startswith(stem) and follows(reading, stem) for stem in known)
