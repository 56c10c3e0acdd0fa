from tests.serving.conftest import database, server

__all__ = ["database", "server"]
