"""Files of answers: who writes one, who reads it, and how much room there is."""

import os
from pathlib import Path

import pytest

from incidents_api.serving import answer_files
from incidents_api.serving.answer_files import AnswerFile, AnswerFiles, NoRoomError, Slots

HEADERS = [(b"content-type", b"text/csv")]


@pytest.fixture
def files(tmp_path: Path) -> AnswerFiles:
    return AnswerFiles(tmp_path / "answers", 10_000)


def written(files: AnswerFiles, key: str, size: int = 100) -> AnswerFile:
    answer, lock = files.claim(key)
    assert lock is not None
    files.reserve(answer, size)
    answer.body.write_bytes(b"x" * size)
    answer.write_head(200, HEADERS)
    answer.write_end(size, whole=True)
    os.close(lock)
    return answer


def test_the_first_to_ask_writes_and_the_others_read(files: AnswerFiles) -> None:
    (_, first), (_, second) = files.claim("a"), files.claim("a")

    assert first is not None
    assert second is None


def test_a_whole_answer_is_kept(files: AnswerFiles) -> None:
    written(files, "a")
    answer, lock = files.claim("a")

    assert lock is None
    assert answer.head() == (200, HEADERS)


def test_an_answer_whose_writer_has_died_is_written_again(files: AnswerFiles) -> None:
    answer, lock = files.claim("a")
    assert lock is not None
    answer.body.write_bytes(b"half")
    os.close(lock)  # as the system does for a process that was killed
    again, second = files.claim("a")

    assert second is not None
    assert again.body.read_bytes() == b""


def test_an_answer_that_ends_while_it_is_looked_at_is_not_written_again(
    files: AnswerFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, lock = files.claim("a")
    assert lock is not None

    def end_and_look(path: Path) -> bool:
        answer.write_head(200, HEADERS)
        answer.write_end(0, whole=True)
        os.close(lock)
        return True

    monkeypatch.setattr(answer_files, "_can_lock", end_and_look)

    assert files.claim("a")[1] is None


def test_an_error_is_not_kept_for_others(files: AnswerFiles) -> None:
    answer, lock = files.claim("a")
    assert lock is not None
    answer.write_head(503, HEADERS)
    answer.write_end(0, whole=True)
    os.close(lock)

    assert files.claim("a")[1] is not None


def test_an_answer_that_could_not_be_finished_is_written_again(files: AnswerFiles) -> None:
    answer, lock = files.claim("a")
    assert lock is not None
    answer.write_end(0, whole=False)
    os.close(lock)

    assert files.claim("a")[1] is not None


def test_readers_are_known_until_they_go(files: AnswerFiles) -> None:
    answer = written(files, "a")
    with files.reading(answer):
        assert files.has_readers(answer)

    assert not files.has_readers(answer)


def test_old_answers_make_room_for_new_ones(files: AnswerFiles) -> None:
    for number, key in enumerate("abc"):
        answer = written(files, key, 4_000 if key != "c" else 1_000)
        os.utime(answer.folder / "end.json", (number, number))
    new, _ = files.claim("new")
    files.reserve(new, 5_000)

    assert [key for key in "abc" if (files.directory / key).exists()] == ["b", "c"]


def test_what_is_being_read_does_not_make_room(files: AnswerFiles) -> None:
    answer = written(files, "a", 9_000)
    new, _ = files.claim("new")
    with files.reading(answer), pytest.raises(NoRoomError):
        files.reserve(new, 5_000)

    assert answer.is_there


def test_what_is_still_to_be_written_counts(files: AnswerFiles) -> None:
    first, _ = files.claim("a")
    files.reserve(first, 8_000)
    second, _ = files.claim("b")

    with pytest.raises(NoRoomError):
        files.reserve(second, 5_000)


def test_a_purge_deletes_what_is_being_sent(files: AnswerFiles) -> None:
    answer = written(files, "a")
    with files.reading(answer), answer.body.open("rb") as body:
        files.purge()

        assert os.fstat(body.fileno()).st_nlink == 0
    assert not list(files.directory.glob("*/"))


def test_only_what_nobody_reads_is_deleted_at_the_start(files: AnswerFiles) -> None:
    read, unread = written(files, "read"), written(files, "unread")
    with files.reading(read):
        files.purge(unread_only=True)

    assert read.is_there
    assert not unread.is_there


def test_there_are_as_many_places_as_there_are(tmp_path: Path) -> None:
    slots = Slots(tmp_path, "file", 2)
    first, second, third = slots.take(), slots.take(), slots.take()
    assert first is not None
    assert second is not None
    assert third is None
    os.close(first)

    assert slots.take() is not None


def test_answers_are_for_the_server_alone(files: AnswerFiles) -> None:
    answer = written(files, "a")

    assert answer.folder.stat().st_mode & 0o077 == 0
    assert answer.body.stat().st_mode & 0o077 == 0


def test_a_redaction_deletes_what_was_begun_before_it_and_nothing_else(files: AnswerFiles) -> None:
    before, after, unknown = (written(files, key) for key in ("before", "after", "unknown"))
    before.write_redactions(1)
    after.write_redactions(2)
    waiting, lock = files.claim("waiting")
    files.purge_older_than(2)

    assert [each.is_there for each in (before, after, unknown, waiting)] == [False, True, False, True]
    assert lock is not None
    os.close(lock)
