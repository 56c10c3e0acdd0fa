"""What goes wrong before the first byte of an answer: the client gets an error of ours, or the next try."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from rest_framework.response import Response

from incidents_api.rest.renderers import JSONRenderer
from incidents_api.serving.answer_files import AnswerFiles
from incidents_api.serving.application import Application, _taken
from incidents_api.serving.calls import Handler
from incidents_api.serving.jobs import Kind
from incidents_api.serving.rates import Spent
from incidents_api.serving.sending import CutError, Message, Receive, Sender, VanishedError

pytestmark = pytest.mark.django_db  # to close a response is to look whether connections are still good

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/api/v1/incidents.csv",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [(b"host", b"testserver")],
    "client": ("127.0.0.1", 1),
}


class Reader:
    """Keeps what is sent to it."""

    def __init__(self) -> None:
        self.messages: list[Mapping[str, Any]] = []

    async def send(self, message: Message) -> None:
        self.messages.append(dict(message))

    async def receive(self) -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def problem(self) -> dict[str, Any]:
        parsed: dict[str, Any] = orjson.loads(self.messages[1]["body"])
        return parsed


def answered(monkeypatch: pytest.MonkeyPatch, *outcomes: Exception | bytes) -> Reader:
    """Answer a request whose tries as a job end one after another as told."""
    tries = iter(outcomes)

    async def send_job(self: Application, environ: dict[str, Any], kind: Kind, sender: Sender, spent: Spent) -> None:
        outcome = next(tries)
        if isinstance(outcome, Exception):
            sender.start(200, [])
            raise outcome
        await sender.whole(200, [], outcome)

    async def as_a_job(self: Application, environ: dict[str, Any], _: Receive, sender: Sender, spent: Spent) -> None:
        await self._send_kept(environ, self.site.kinds["question"], sender, spent)

    monkeypatch.setattr(Application, "_send_job", send_job)
    monkeypatch.setattr(Application, "_run", as_a_job)
    reader = Reader()
    asyncio.run(Application(Handler())._answer(SCOPE, reader.receive, reader.send))
    return reader


def test_an_answer_that_was_deleted_before_its_first_byte_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = answered(monkeypatch, VanishedError("deleted"), b"the file")

    assert reader.status == 200
    assert reader.messages[1]["body"] == b"the file"


def test_one_that_is_deleted_each_time_can_be_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = answered(monkeypatch, VanishedError("deleted"), VanishedError("deleted"))

    assert reader.status == 503
    assert reader.problem["code"] == "busy"


def test_one_that_ends_before_its_first_byte_can_be_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = answered(monkeypatch, CutError("not completed"))

    assert reader.status == 503
    assert reader.problem["code"] == "busy"


def test_a_bug_is_answered_as_bugs_are(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    reader = answered(monkeypatch, KeyError("a bug"))

    assert reader.status == 500
    assert reader.problem["error_id"] in caplog.text
    assert "a bug" not in orjson.dumps(reader.problem).decode()


@pytest.mark.parametrize(("sent_before", "expected"), [(b"", VanishedError), (b"first piece", CutError)])
def test_a_file_that_is_deleted_while_it_grows(tmp_path: Path, sent_before: bytes, expected: type[CutError]) -> None:
    async def send() -> type[Exception]:
        reader = Reader()
        answer, lock = AnswerFiles(tmp_path / "answers", 10_000).claim("a")
        with answer.body.open("rb") as body:
            answer.body.write_bytes(sent_before)
            sender = Sender(reader.send, 60)
            sender.start(200, [])
            sending = asyncio.ensure_future(sender.growing(answer, body.fileno()))
            await asyncio.sleep(0.05)
            AnswerFiles(tmp_path / "answers", 10_000).drop(answer)
            if lock is not None:
                os.close(lock)
            with pytest.raises(CutError) as caught:
                await sending
        assert bool(reader.messages) == bool(sent_before)
        return caught.type

    assert asyncio.run(send()) is expected


def test_a_response_does_not_keep_the_body_that_is_sent() -> None:
    response = Response(b"a page", content_type="application/json")
    response.accepted_renderer, response.accepted_media_type = JSONRenderer(), "application/json"
    response.renderer_context = {}  # type: ignore[attr-defined]  # which views set
    response.render()

    assert _taken(response).content == b"a page"  # type: ignore[union-attr]  # it is no file and no job
    assert response.content == b""
    assert b"a page" not in vars(response).values()
