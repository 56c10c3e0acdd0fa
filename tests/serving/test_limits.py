"""Counting what addresses ask for, in one process and in several."""

import subprocess
import sys
from pathlib import Path

import pytest

from incidents_api.serving.limits import GROUPS, WAYS, Counter, Policy

POLICY = Policy("requests", 60, 30)
NOW = 1_800_000_000.0


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path / "rates", b"key")


def test_a_quota_can_be_spent_at_once_and_no_more(counter: Counter) -> None:
    allowed = [counter.spend(POLICY, "192.0.2.1", 1, NOW).allowed for _ in range(70)]

    assert allowed == [True] * 60 + [False] * 10


def test_units_come_back_evenly(counter: Counter) -> None:
    for _ in range(60):
        counter.spend(POLICY, "192.0.2.1", 1, NOW)

    assert not counter.spend(POLICY, "192.0.2.1", 2, NOW + 0.5).allowed
    assert counter.spend(POLICY, "192.0.2.1", 2, NOW + 1).allowed
    assert not counter.spend(POLICY, "192.0.2.1", 1, NOW + 1).allowed


def test_a_refusal_says_when_to_come_back_and_costs_nothing(counter: Counter) -> None:
    counter.spend(POLICY, "192.0.2.1", 60, NOW)
    for _ in range(5):
        refused = counter.spend(POLICY, "192.0.2.1", 20, NOW)

    assert (refused.allowed, refused.remaining, refused.retry_after) == (False, 0, 10)
    assert counter.spend(POLICY, "192.0.2.1", 20, NOW + 10).allowed


def test_addresses_do_not_share(counter: Counter) -> None:
    counter.spend(POLICY, "192.0.2.1", 60, NOW)

    assert counter.spend(POLICY, "192.0.2.2", 60, NOW).allowed


def test_policies_do_not_share(counter: Counter) -> None:
    counter.spend(POLICY, "192.0.2.1", 60, NOW)

    assert counter.spend(Policy("work", 60, 30), "192.0.2.1", 60, NOW).allowed


def test_headers_are_structured_fields(counter: Counter) -> None:
    verdict = counter.spend(POLICY, "192.0.2.1", 12, NOW)

    assert POLICY.header == '"requests";q=60;w=30'
    assert verdict.header == '"requests";r=48;t=6'


def test_a_clock_that_was_ahead_keeps_nobody_out_for_longer_than_a_window(counter: Counter) -> None:
    for _ in range(60):
        counter.spend(POLICY, "192.0.2.1", 1, NOW + 200_000)

    assert counter.spend(POLICY, "192.0.2.1", 1, NOW).retry_after == 1
    assert counter.spend(POLICY, "192.0.2.1", 60, NOW + 31).allowed


def test_many_addresses_do_not_make_one_forgotten(counter: Counter) -> None:
    counter.spend(POLICY, "192.0.2.1", 60, NOW)
    for number in range(GROUPS * WAYS // 8):
        counter.spend(POLICY, f"2001:db8::{number:x}", 1, NOW)

    assert not counter.spend(POLICY, "192.0.2.1", 1, NOW).allowed


SPENDING = """
import sys
from pathlib import Path
from incidents_api.serving.limits import Counter, Policy
counter = Counter(Path(sys.argv[1]), b"key")
print(sum(counter.spend(Policy("requests", 500, 3600), "192.0.2.1", 1).allowed for _ in range(400)))
"""


def test_processes_count_together(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SPENDING, str(tmp_path / "rates")]
    spending = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    allowed = [int(each.communicate()[0]) for each in spending]

    assert 500 <= sum(allowed) <= 502


def test_without_a_file_each_process_counts_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "taken").write_text("a file where a directory is needed")
    counter = Counter(tmp_path / "taken" / "rates", b"key")

    assert counter.spend(POLICY, "192.0.2.1", 60, NOW).allowed
    assert not counter.spend(POLICY, "192.0.2.1", 1, NOW).allowed
    assert "Rate limits are counted per process" in caplog.text
