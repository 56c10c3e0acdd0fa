import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from incidents_api.secret import development_key


def test_the_key_is_made_once_and_is_long(tmp_path: Path) -> None:
    key = development_key(tmp_path / "var")

    assert len(key) >= 64
    assert development_key(tmp_path / "var") == key


def test_only_the_owner_may_read_the_key(tmp_path: Path) -> None:
    development_key(tmp_path)

    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_share_one_key_and_leave_nothing_behind(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(development_key, [tmp_path] * 64))

    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    assert development_key(tmp_path / "a") != development_key(tmp_path / "b")
