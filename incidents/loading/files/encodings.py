"""The encoding of a text, told from its beginning, and how sure that is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from incidents.data_files import toml_beside
from incidents.loading.errors import LoadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Encoding(NamedTuple):
    """An encoding, `sure` how sure it is, and what it rests on."""

    name: str
    sure: str
    why: str

    @property
    def is_utf8(self) -> bool:
        """Tell whether bytes need no change to be UTF-8."""
        return self.name in ("utf-8", "utf-8-sig")


def named(name: str) -> Encoding:
    """Return the encoding that a profile names; raises LoadError if there is none of that name."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise LoadError(f"[file] encoding: {name!r} is no encoding; for example utf-8, cp1251, utf-16.") from None
    return Encoding("utf-8-sig" if found == "utf-8" else found, "certain", "the profile names it")


def sniffed(sample: bytes, asked: int) -> Encoding:
    """Tell the encoding of a text by its beginning; raises LoadError where nothing speaks for any.

    A sample of fewer bytes than asked for is the whole text, so nothing at its end is cut off.
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name, "certain", "a byte order mark")
    if wide := _wide(sample):
        return wide
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(sample, final=len(sample) < asked)
    except UnicodeDecodeError as error:
        return _legacy(sample, error)
    if len(text) == len(sample):
        return Encoding("utf-8-sig", "likely", "nothing but ASCII at its beginning")
    return Encoding("utf-8-sig", "sure", "its beginning is valid UTF-8")


def _wide(sample: bytes) -> Encoding | None:
    """Tell UTF-16 without a mark: in a text of Latin letters or digits every other byte is zero."""
    half = max(len(sample) // 2, 1)
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.3 * half and even < 0.02 * half:
        return Encoding("utf-16-le", "likely", "every other byte is zero")
    if even > 0.3 * half and odd < 0.02 * half:
        return Encoding("utf-16-be", "likely", "every other byte is zero")
    return None


def _legacy(sample: bytes, error: UnicodeDecodeError) -> Encoding:
    line = sample.count(b"\n", 0, error.start) + 1
    where = f"line {line}, byte {error.start + 1} of the file, is not UTF-8 (0x{sample[error.start]:02x})"
    valid = sample.decode("utf-8", "ignore")
    high = sum(byte >= 0x80 for byte in sample)
    well = sum(len(char.encode()) for char in valid if ord(char) >= 0x80)
    if well > high / 2:
        raise LoadError(f"{where}, though the rest is: the file is damaged there. {NAME_IT}")
    readings = sorted(_readings(_lines_with_high_bytes(sample)), reverse=True)
    if not readings or readings[0].score < _LEAST:
        raise LoadError(f"{where}, and its encoding cannot be told. {NAME_IT}")
    best = readings[0]
    rival = next((each for each in readings[1:] if each.text != best.text), None)
    why = f"{best.score:.0%} of what is not ASCII are common letters in ordinary words"
    if rival is not None and best.score - rival.score < _MARGIN:
        return Encoding(best.name, "a guess", f"{why}, in {rival.name} {rival.score:.0%}")
    return Encoding(best.name, "likely", why)


_LEAST, _MARGIN = 0.5, 0.12
"""How well a text has to read in an encoding, and by how much better than in any other, of 1."""

_TRIED = 2**18
"""Bytes of lines with letters beyond ASCII from which it is told."""


class _Reading(NamedTuple):
    score: float
    rank: int
    name: str
    text: str


def _lines_with_high_bytes(sample: bytes) -> bytes:
    lines, count = list[bytes](), 0
    for line in sample.splitlines():
        if not line.isascii():
            lines.append(line)
            count += len(line)
        if count > _TRIED:
            break
    return b"\n".join(lines)


def _readings(sample: bytes) -> Iterator[_Reading]:
    candidates = (
        (name, script) for script in toml_beside(__file__, "encodings.toml")["script"] for name in script["encodings"]
    )
    for rank, (name, script) in enumerate(candidates):
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        yield _Reading(round(_score(text, script), 3), -rank, name, text)


def _score(text: str, script: Mapping[str, Any]) -> float:
    """Return how well a text reads, up to 1: its letters are common ones, its words ordinary ones."""
    high = [char for char in text if ord(char) >= 0x80]
    folded = [char.lower() if char.isalpha() else char for char in high]
    known = sum(1.0 if char in script["common"] else 0.6 if char in script["frequent"] else 0.0 for char in folded)
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words:
        return 0.0
    return known / len(high) * _share_well_cased(words) * _share_of_script(words, script)


def _share_of_script(words: list[str], script: Mapping[str, Any]) -> float:
    letters = "".join(words)
    inner = sum(char.isascii() for char in letters)
    beyond = len(letters) - inner
    return min(1.0, 2 * inner / beyond) if script["is_latin"] else beyond / len(letters)


def _share_well_cased(words: list[str]) -> float:
    """Return how much of the words is in small letters after the first one; capitals throughout count for less."""
    well = sum(len(word) * (1.0 if word[1:] == word[1:].lower() else 0.8 if word.isupper() else 0.0) for word in words)
    return well / sum(map(len, words))


_WORD = re.compile(r"[^\W\d_]+")

NAME_IT = 'Save it as UTF-8, or name its encoding in the profile: [file] encoding = "cp1251".'
