"""Locks name packages by version and hash, and say nowhere where to get them: that is each machine's own matter."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OF_NPM = ("tests/schema/typescript", "tools/world")
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), *(ROOT / each / "package-lock.json" for each in OF_NPM)]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_holds_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "sha256:" in text or "sha512-" in text
    assert [line for line in text.splitlines() if "://" in line or '"resolved"' in line or '"url"' in line] == []
