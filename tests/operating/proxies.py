"""nginx and Caddy with the lines of docs/operating.md, where only ports, paths and certificates are replaced."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.operating.notes import file_block, replaced
from tests.serving.server import Answer, Server, read, wait_until

HOST = "data.example.org"
SITE = "/etc/nginx/sites-available/incidents"
CADDYFILE = "/etc/caddy/Caddyfile"
BEHIND_A_PROXY = {"ALLOWED_HOSTS": HOST, "HTTPS": "on", "BEHIND_PROXY": "on"}
BINARIES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Proxy:
    """A proxy that speaks https on a port of this machine."""

    port: int
    plain_port: int

    def open(
        self, path: str, headers: Mapping[str, str] | None = None, *, source: str = "127.0.0.1", buffer: int = 0
    ) -> ssl.SSLSocket:
        """Send a GET request by https and return the connection."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.socket()
        if buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        plain.settimeout(30)
        plain.bind((source, 0))
        plain.connect(("127.0.0.1", self.port))
        connection = context.wrap_socket(plain, server_hostname=HOST, suppress_ragged_eofs=True)
        sent = {"Host": f"{HOST}:{self.port}", "Connection": "close"} | dict(headers or {})
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        connection.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        return connection

    def ask(self, path: str, headers: Mapping[str, str] | None = None, *, source: str = "127.0.0.1") -> Answer:
        """Return the answer to a GET request by https."""
        with self.open(path, headers, source=source) as connection:
            return read(connection)


def find(binary: str) -> str:
    """Return the path of a program; skips the test if it is not installed."""
    found = shutil.which(binary, path=BINARIES)
    if not found:
        pytest.skip(f"{binary} is not installed here; on Debian: apt-get install {binary}")
    return found


def caddy_version() -> tuple[int, ...]:
    """Return the version of Caddy that is installed; skips the test if none is."""
    said = subprocess.run([find("caddy"), "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said)[:3])


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def nginx(
    folder: Path, server: Server, *, in_location: str = "", in_http: str = "", cached: str = ""
) -> Iterator[Proxy]:
    """Run nginx with the site of the notes.

    `in_location` is added to its last `location /`, `cached` above that, and `in_http` above the site.
    """
    binary = find("nginx")
    _certificate(folder)
    proxy = Proxy(free_port(), free_port())
    location = "    location / {\n        proxy_pass http://incidents;\n"
    site = replaced(
        file_block(SITE),
        {
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2;": "",
            "listen 80;": f"listen 127.0.0.1:{proxy.plain_port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{proxy.port} ssl http2;",
            "127.0.0.1:8000": f"127.0.0.1:{server.port}",
            f"/etc/letsencrypt/live/{HOST}": str(folder),
            location: cached + location + in_location,
        },
    )
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"user root;\ndaemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{paths}access_log {folder}/access.log;\n{in_http}\n{site}}}\n"
    )
    with _running([binary, "-c", str(config), "-e", str(folder / "error.log")], proxy.port, folder):
        yield proxy


@contextmanager
def caddy(folder: Path, server: Server) -> Iterator[Proxy]:
    """Run Caddy with the lines of the notes, and a certificate of its own instead of one from outside."""
    binary = find("caddy")
    _certificate(folder)
    proxy = Proxy(free_port(), free_port())
    certificate = f"tls {folder}/fullchain.pem {folder}/privkey.pem"
    config = folder / "Caddyfile"
    config.write_text(
        replaced(
            file_block(CADDYFILE),
            {
                "{\n    servers {": "{\n    admin off\n    auto_https off\n    servers {",
                f"\n{HOST} {{\n": f"\nhttps://{HOST}:{proxy.port} {{\n    {certificate}\n",
                "127.0.0.1:8000": f"127.0.0.1:{server.port}",
            },
        )
    )
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [binary, "run", "--adapter", "caddyfile", "--config", str(config)]
    with _running(command, proxy.port, folder, home):
        yield proxy


@contextmanager
def _running(
    command: list[str], port: int, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)

    def listens() -> bool:
        assert process.poll() is None, (folder / "proxy.log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_until(listens, 20)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _certificate(folder: Path) -> None:
    command = [find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    name = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2"]
    subprocess.run([*command, *files, *name], check=True, capture_output=True)
