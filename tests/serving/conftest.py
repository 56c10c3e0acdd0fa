from collections.abc import Iterator

import pytest

from tests.serving.server import Server, copied, running
from tests.templates import Template


@pytest.fixture(scope="package")
def database(filled: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with copied(filled, tmp_path_factory.mktemp("serving")) as environment:
        yield environment


@pytest.fixture(scope="package")
def server(database: dict[str, str]) -> Iterator[Server]:
    with running(database) as started:
        yield started
