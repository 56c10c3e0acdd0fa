"""The golden files of public answers, and their digest: `python -m tests.contract.golden` writes what they depend on.

`make schema` runs it after it has written the OpenAPI documents.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.upgrades.kept import ANSWERS, run, unpack, versions
from tests.upgrades.record import write_answers
from tests.upgrades.story import ROOT

MODULE = ROOT / "incidents_api" / "representation.py"
CONSTANT = re.compile(r'^PUBLIC_BYTES = "(.*)"$', re.MULTILINE)


def digest() -> str:
    """Return the digest of all golden files, by their names and what is in them."""
    found = hashlib.blake2b(digest_size=10)
    for name, content in _golden():
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def _golden() -> Iterator[tuple[str, bytes]]:
    for path in sorted((ROOT / "docs").glob("openapi-*.json")):
        yield path.name, path.read_bytes()
    for path in sorted((ROOT / "incidents" / "world").glob("*.tsv")):  # codes in answers follow from them
        yield path.name, path.read_bytes()
    yield ANSWERS.name, lzma.decompress(ANSWERS.read_bytes())


def main() -> None:
    """Write the answers that the newest kept database gives by this code, and the digest."""
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/kept.sqlite3"
        unpack(versions()[-1], url, Path(place))
        answers = json.loads(run(url, Path(place), "-m", "tests.upgrades.kept", "upgrade"))
    if answers != json.loads(lzma.decompress(ANSWERS.read_bytes())):
        write_answers(answers)
    old = MODULE.read_text(encoding="utf-8")
    new = CONSTANT.sub(f'PUBLIC_BYTES = "{digest()}"', old)
    if new != old:
        MODULE.write_text(new, encoding="utf-8")
        sys.stdout.write(f"Wrote {MODULE}\n")


if __name__ == "__main__":
    main()
