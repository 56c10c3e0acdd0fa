"""The units for systemd, read as systemd would."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.operating.notes import TEXT, Block, blocks, file_block
from tests.schema.server import ROOT

UNITS = [block for block in blocks(TEXT) if block.file.startswith("/etc/systemd/system/")]
SERVICES = [block for block in UNITS if block.file.endswith(".service")]
FROM_ANOTHER_BRANCH = {"backup"}
EXPOSURE = {"incidents.service": 25, "incidents-backup.service": 60}
"""What `systemd-analyze security` may find at most, in tenths: 100 is a service without any protection."""


def _directives(unit: Block) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in unit.content.splitlines():
        name, is_directive, value = line.partition("=")
        if is_directive:
            found.setdefault(name, []).append(value)
    return found


def test_there_are_units_for_the_server_and_its_backup() -> None:
    names = [Path(unit.file).name for unit in UNITS]
    assert names == ["incidents.service", "incidents-backup.service", "incidents-backup.timer"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: Path(unit.file).name)
def test_a_unit_has_sections_and_single_directives(unit: Block) -> None:
    lines = unit.content.splitlines()
    assert all(re.fullmatch(r"\[(Unit|Service|Timer|Install)\]|[A-Za-z]+=.*|", line) for line in lines)
    assert [name for name, values in _directives(unit).items() if len(values) > 1] == []


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: Path(unit.file).name)
def test_a_service_runs_commands_that_exist_as_the_user_of_the_notes(unit: Block) -> None:
    directives = _directives(unit)
    (command,) = re.findall(r"\.venv/bin/python manage\.py (\w+)", directives["ExecStart"][0])
    assert command in get_commands().keys() | FROM_ANOTHER_BRANCH
    assert directives["User"] == directives["Group"] == ["incidents"]
    assert directives["WorkingDirectory"] == ["/opt/incidents"]
    assert directives["EnvironmentFile"] == ["/etc/incidents/environment"]
    assert directives["NoNewPrivileges"] == ["yes"]
    assert directives["ProtectSystem"] == ["strict"]


def test_the_server_may_use_shared_memory_and_the_address_families_that_it_needs() -> None:
    directives = _directives(next(unit for unit in SERVICES if unit.file.endswith("/incidents.service")))
    assert directives["RestrictAddressFamilies"] == ["AF_UNIX AF_INET AF_INET6"]
    assert not {"PrivateNetwork", "PrivateIPC", "InaccessiblePaths", "TemporaryFileSystem"} & directives.keys()
    assert directives["StateDirectory"] == ["incidents"]  # VAR_DIR, the only place below / that it may write to


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a directory with the units, whose programs are files that exist here."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed here; on Debian it comes with systemd.")
    for unit in UNITS:
        content = unit.content.replace("/opt/incidents/.venv/bin/python", "/bin/true")
        content = content.replace("WorkingDirectory=/opt/incidents", f"WorkingDirectory={ROOT}")
        (tmp_path / Path(unit.file).name).write_text(content)
    return tmp_path


@pytest.mark.parametrize("name", [Path(unit.file).name for unit in UNITS])
def test_systemd_finds_nothing_wrong_in_a_unit(folder: Path, name: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(folder / name)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if name in line or str(folder) in line] == []


@pytest.mark.parametrize("name", EXPOSURE)
def test_a_service_is_protected(folder: Path, name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE[name]}", str(folder / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_units_that_steps_name_exist() -> None:
    named = set(re.findall(r"systemctl [\w -]*?(incidents[\w.-]*)", TEXT))
    names = {Path(unit.file).name for unit in UNITS}
    assert {name for name in named if name not in names and f"{name}.service" not in names} == set()
    assert file_block("/etc/systemd/system/incidents.service")
