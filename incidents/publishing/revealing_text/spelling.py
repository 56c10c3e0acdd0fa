"""Spellings of a word in Latin, Cyrillic and other scripts, reduced to one key, and the stems of its forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import regex

from incidents.text_folding import in_ascii

_INVISIBLE = regex.compile(r"[\p{M}\p{Cf}]+")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_DOUBLED = re.compile(r"([a-z])\1+")

_SOUNDS = {
    **dict.fromkeys(("schtsch", "shch", "szcz", "chtch", "sch", "sh", "sz"), "s"),
    **dict.fromkeys(("tsch", "tch", "ch", "cz", "ts", "tz"), "c"),
    **dict.fromkeys(("zh", "dzh", "dsch"), "z"),
    **dict.fromkeys(("kh", "gh", "h"), "g"),
    **dict.fromkeys(("ck", "q"), "k"),
    **dict.fromkeys(("you", "ou", "oo", "yu", "iu", "ju"), "u"),
    **dict.fromkeys(("ya", "ia", "ja"), "a"),
    **dict.fromkeys(("iie", "yie", "iye", "ye", "ie", "je"), "e"),
    **dict.fromkeys(("yo", "io", "jo"), "o"),
    **dict.fromkeys(("yi", "iy", "ij", "yj", "y", "j"), "i"),
    "ph": "f",
    "x": "ks",
    "w": "v",
}
"""Letters by which transliterations differ, and one letter for each sound; g and h are one letter in Cyrillic."""
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))

_SIGHT = dict(zip("аеорсухіјѕԁһкмтвнгАЕОРСУХІЈЅКМТВНοαιν", "aeopcyxijsdhkmtbhrAEOPCYXIJSKMTBHoaiv", strict=True))
_AS_LATIN = str.maketrans(_SIGHT)
_AS_CYRILLIC = str.maketrans({latin: other for other, latin in _SIGHT.items() if "Ѐ" <= other <= "ӿ"})
_LATIN = regex.compile(r"\p{Latin}")
_LOOKALIKE = regex.compile(r"[\p{Cyrillic}\p{Greek}]")

_CLITICS = re.compile("^(?:[وف]?(?:[بك]?ال|لل|[بلكس])|[وف])(?=...)")  # and, so, in, like, to, the
_HEBREW_CLITICS = re.compile("^[והבלמשכ]{1,2}(?=...)")

_ALTERNATIONS = (
    ("iv", ("ov", "ev")),  # Харків, Харкова
    ("il", ("ol",)),  # Тернопіль, Тернополя
    ("ec", ("c",)),  # Тростянець, Тростянця
    ("ok", ("k",)),
    ("ek", ("k",)),
    ("t", ("c",)),  # Бахмут, бахмутський
)
_BEFORE_VOWEL = {"k": "c", "g": "z"}  # Макіївка, в Макіївці; Прага, в Празі


@lru_cache(maxsize=65_536)
def key(word: str) -> str:
    """A word by its sounds in ASCII, the same for its usual transliterations; "" if nothing can be read."""
    if not word.isascii():
        word = in_ascii(unicodedata.normalize("NFKC", _INVISIBLE.sub("", unicodedata.normalize("NFKC", word))))
    ascii_only = _NO_LETTER.sub("", word.lower())
    return _DOUBLED.sub(r"\1", _SOUND.sub(lambda found: _SOUNDS[found[0]], ascii_only))


@lru_cache(maxsize=65_536)
def readings(word: str) -> tuple[str, ...]:
    """Keys of a word as it may be meant: as written, by letters that only look alike, without what is joined to it."""
    if word.isascii():
        return (key(word),)
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKD", word))
    meant = [word]
    if _LATIN.search(plain) and _LOOKALIKE.search(plain):
        meant += [plain.translate(_AS_LATIN), plain.translate(_AS_CYRILLIC)]
    meant += [pattern.sub("", plain) for pattern in (_CLITICS, _HEBREW_CLITICS) if pattern.match(plain)]
    return tuple(dict.fromkeys(filter(None, map(key, meant))))


def stems(name: str) -> frozenset[str]:
    """Beginnings that the inflected forms of a word of a name have, as keys."""
    plain = in_ascii(name).lower()
    spelt = {*readings(name), *(key(plain.replace("kh", other)) for other in ("ch", "j"))}  # Kharkiv, Charkiw, Járkov
    return frozenset(stem for reading in spelt for stem in _stems_of(reading))


def _stems_of(whole: str) -> set[str]:
    found = {whole}
    bare = whole.rstrip("aeiou")
    if 3 <= len(bare) < len(whole) <= len(bare) + 2:
        found.add(bare)
        if other := _BEFORE_VOWEL.get(bare[-1]):
            found.add(bare[:-1] + other)
    for ending, others in _ALTERNATIONS:
        if whole.endswith(ending) and len(whole) > len(ending):
            found |= {whole.removesuffix(ending) + other for other in others}
    return {stem for stem in found if len(stem) > 2 or stem == whole}
