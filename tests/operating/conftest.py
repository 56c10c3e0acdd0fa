from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operating.proxies import BEHIND_A_PROXY
from tests.serving.server import Server, database_of, running


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with database_of(Path(tmp_path_factory.mktemp("operating"))) as environment:
        yield environment


@pytest.fixture(scope="package")
def server(database: dict[str, str]) -> Iterator[Server]:
    with running(database, **BEHIND_A_PROXY) as started:
        yield started
