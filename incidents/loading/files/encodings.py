"""The encoding of a text, told from its beginning, and how sure that is."""

from __future__ import annotations

import codecs
import itertools
from typing import NamedTuple

from incidents.loading.errors import LoadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RUN, _LONE = 0.6, 0.3
"""Share of bytes beyond ASCII that follow another one: in Cyrillic words nearly all do, in Western ones few."""


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
    high = [at for at, byte in enumerate(sample) if byte >= 0x80]
    well = sum(len(char.encode()) for char in valid if ord(char) >= 0x80)
    if well > len(high) / 2:
        raise LoadError(f"{where}, though the rest is: the file is damaged there. {NAME_IT}")
    runs = sum(1 for before, at in itertools.pairwise(high) if at == before + 1)
    share, letters = runs / max(len(high) - 1, 1), [byte for byte in sample if byte >= 0xC0]
    if share >= _RUN:
        lower = sum(byte >= 0xE0 for byte in letters)
        if lower > len(letters) / 2:
            return Encoding("cp1251", "likely", "words of Cyrillic letters, mostly small ones")
    elif share <= _LONE:
        try:
            sample.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            return Encoding("cp1252", "likely", f"{len(high)} single letters beyond ASCII")
    raise LoadError(f"{where}, and its encoding cannot be told. {NAME_IT}")


NAME_IT = 'Save it as UTF-8, or name its encoding in the profile: [file] encoding = "cp1251".'
