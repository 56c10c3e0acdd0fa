"""The steps from a bare Debian to production, run below a directory of their own.

What needs a whole machine is replaced by programs that write down how they were called: packages, users, systemd,
certificates. Everything else is run as it is written, with other paths.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import psycopg
import pytest

from tests.databases import new_database
from tests.operating.notes import HEADING, Block, blocks, section
from tests.schema.server import NOT_OURS, ROOT
from tests.serving.server import read, running

STEPS = blocks(section(HEADING).partition("\n### ")[0])
SHELL = [block for block in STEPS if block.language == "sh"]
RECORDED = ("apt-get", "adduser", "systemctl", "certbot", "chgrp", "nginx")
PLACES = ("/opt/incidents", "/etc/incidents", "/etc/nginx", "/etc/systemd", "/usr/local/sbin", "/var/lib/incidents")
"""What is put below the directory of the test; the socket of PostgreSQL stays where it is."""

STUB = '#!/bin/sh\necho "{name} $*" >> "{log}"\n'
RUNUSER = """#!/bin/sh
# runuser -u USER -- COMMAND
echo "runuser $2" >> "{log}"
shift 3
exec "$@"
"""
INSTALL = """#!/bin/sh
# There is no user incidents here.
for given in "$@"; do shift; case "$given" in --owner=*|--group=*) ;; *) set -- "$@" "$given" ;; esac; done
exec /usr/bin/install "$@"
"""
MAKE = """#!/bin/sh
# make -C DIRECTORY .venv/.run
[ "$3" = .venv/.run ] || exit 1
ln -sfn "{venv}" "$2/.venv"
"""


class Machine:
    """A directory that stands for a machine."""

    def __init__(self, root: Path) -> None:
        self.root, self.log = root, root / "called.log"
        self.log.touch()
        programs = root / "programs"
        programs.mkdir()
        for name in RECORDED:
            self._program(programs / name, STUB.format(name=name, log=self.log))
        self._program(programs / "runuser", RUNUSER.format(log=self.log))
        self._program(programs / "install", INSTALL)
        self._program(programs / "make", MAKE.format(venv=Path(sys.executable).parent.parent))
        own = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        own = {name: value for name, value in own.items() if not name.startswith(("PG", "DJANGO_", "SECRET_KEY"))}
        self.environment = own | {"PATH": f"{programs}:{root}/usr/local/sbin:{os.environ['PATH']}"}
        for folder in ("usr/local/sbin", "etc/nginx/sites-available", "etc/nginx/sites-enabled", "etc/systemd/system"):
            (root / folder).mkdir(parents=True)
        (root / "etc/nginx/sites-enabled/default").touch()

    @staticmethod
    def _program(file: Path, content: str) -> None:
        file.write_text(content)
        file.chmod(0o755)

    def moved(self, text: str) -> str:
        """Return a text with the paths of this machine."""
        text = re.sub("|".join(map(re.escape, (*PLACES, "/var/backups"))), lambda found: f"{self.root}{found[0]}", text)
        return text.replace("https://git.example.org/incidents.git", f"file://{ROOT}")

    def follow(self, block: Block, **replaced: str) -> str:
        """Run a block, or save it as the file that it is to be; return what was said."""
        content = self.moved(block.content)
        for old, new in replaced.items():
            content = content.replace(old, new)
        if block.file:
            Path(self.moved(block.file)).write_text(content)
            return ""
        done = subprocess.run(
            ["sh", "-eu"],
            input=content,
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block.content}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    @property
    def called(self) -> list[str]:
        """Return the calls of the programs that were replaced."""
        return self.log.read_text().splitlines()


def _steps(*words: str) -> list[Block]:
    """Return the one block that holds each word."""
    found = []
    for word in words:
        (block,) = (each for each in STEPS if word in each.content or each.file == word)
        found.append(block)
    return found


def test_every_block_is_shell_or_a_file_and_one_that_this_test_follows() -> None:
    assert all(block.language == "sh" or block.file for block in STEPS)
    assert len(SHELL) == 8
    for block in SHELL:
        done = subprocess.run(["sh", "-n"], input=block.content, text=True, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_the_steps_lead_to_a_server_that_is_ready(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    packages, settings = _steps("apt-get install", "cat > /etc/incidents/environment")
    machine.follow(packages)
    given = os.environ.get("DATABASE_URL", "")
    own = f"sqlite:///{tmp_path}/var/lib/incidents/incidents.sqlite3"
    with new_database(given) if given.startswith("postgres") else nullcontext(own) as database:
        line = f"DATABASE_URL={database}"
        said = machine.follow(settings, **{"DATABASE_URL=postgres:///incidents?host=/var/run/postgresql": line})
        assert "System check identified no issues" in said
        file = tmp_path / "etc/incidents/environment"
        assert file.stat().st_mode & 0o027 == 0

        for block in _steps("/etc/systemd/system/incidents.service"):
            machine.follow(block)
        variables = dict(each.split("=", 1) for each in file.read_text().splitlines())
        with running({**machine.environment, **variables}) as server:
            with server.open("/readyz") as connection:
                assert read(connection).body == b"ready\n"
            machine.follow(_steps("incidents create_admin")[0], create_admin="create_admin --username editor")
            upgrade, *_ = _steps("git -C /opt/incidents fetch")
            machine.follow(upgrade, **{"checkout v0.2.0": "checkout --quiet HEAD"})

    assert machine.called[:2] == [
        "apt-get install --yes git make python3-venv postgresql nginx certbot",
        "adduser --system --group --home " + str(tmp_path / "var/lib/incidents") + " --no-create-home incidents",
    ]
    assert "systemctl enable --now incidents" in machine.called
    assert machine.called[-1] == "systemctl restart incidents"


def test_the_steps_for_the_proxy_and_the_backup_name_files_that_were_saved(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    for block in STEPS:
        if block.file:
            machine.follow(block)
    for block in _steps("certbot certonly", "ln -sf", "enable --now incidents-backup.timer"):
        machine.follow(block)
    enabled = tmp_path / "etc/nginx/sites-enabled"
    assert [file.name for file in enabled.iterdir()] == ["incidents"]
    assert (enabled / "incidents").read_text().startswith("upstream incidents {")
    assert machine.called == [
        (
            "certbot certonly --webroot --webroot-path /var/www/html --domain data.example.org"
            " --deploy-hook systemctl reload nginx"
        ),
        "nginx -t",
        "systemctl reload nginx",
        "systemctl daemon-reload",
        "systemctl enable --now incidents-backup.timer",
        "systemctl start incidents-backup",
    ]


def test_the_database_is_made_as_it_is_written(tmp_path: Path) -> None:
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        pytest.skip("The tests run on SQLite.")
    name = f"incidents_{os.getpid()}"
    machine = Machine(tmp_path)
    with psycopg.connect(server, autocommit=True) as connection:
        info = connection.info
        machine.environment |= {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user}
        machine.environment |= {"PGPASSWORD": info.password} if info.password else {}
        try:
            block = _steps("createuser")[0]
            machine.follow(
                block._replace(
                    content=re.sub(r"\bincidents$", name, block.content, flags=re.MULTILINE).replace(
                        "--owner=incidents ", f"--owner={name} "
                    )
                )
            )
            found = connection.execute(
                "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), rolsuper, rolcanlogin"
                " FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = %s",
                [name],
            ).fetchall()
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'DROP ROLE IF EXISTS "{name}"')
    assert found == [(name, "UTF8", False, True)]
    assert machine.called == ["runuser postgres"] * 2
