from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving.server import Server, database_of, running


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with database_of(Path(tmp_path_factory.mktemp("serving"))) as environment:
        yield environment


@pytest.fixture(scope="package")
def server(database: dict[str, str]) -> Iterator[Server]:
    with running(database) as started:
        yield started
