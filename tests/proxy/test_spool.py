"""The spool: what was written is read, what is damaged is never read wrongly."""

import fcntl
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.ids import uuid7
from apps.proxy.spool import reader, writer
from apps.proxy.spool.frames import BEGIN, CHUNK, END, Frame, pack, pack_begin, pack_end, unpack
from apps.proxy.spool.reader import SpoolReader
from apps.proxy.spool.writer import SUFFIX, SpoolWriter

TURN = UUID(int=7)
_frames = st.lists(st.tuples(st.sampled_from([BEGIN, CHUNK, END]), st.uuids(), st.binary()))


def _segment(folder: Path, data: bytes, number: int = 1) -> Path:
    path = folder / f"1-1-a-{number:06d}{SUFFIX}"
    path.write_bytes(data)
    return path


def _small_segment() -> tuple[list[bytes], list[Frame]]:
    packed = [
        pack_begin(TURN.bytes, {"tenant": "t"}, b'{"model":"m"}'),
        pack(CHUNK, TURN.bytes, b"first"),
        pack(CHUNK, TURN.bytes, b""),
        pack_end(TURN.bytes, {"status": "complete"}),
    ]
    frames = [frame for frame, _ in unpack(b"".join(packed)) if frame is not None]
    return packed, frames


@given(_frames)
def test_frames_come_back_as_they_were_written(frames: list[tuple[bytes, UUID, bytes]]) -> None:
    data = b"".join(pack(kind, turn_id.bytes, content) for kind, turn_id, content in frames)

    found = [frame for frame, _ in unpack(data)]

    assert [(f.kind, f.turn_id, f.content) for f in found if f is not None] == frames
    assert len(found) == len(frames)


@given(st.dictionaries(st.text(), st.text()), st.binary())
def test_a_beginning_keeps_its_header_and_the_callers_bytes(
    header: dict[str, str], body: bytes
) -> None:
    ((frame, _),) = unpack(pack_begin(TURN.bytes, header, body))

    assert frame is not None
    assert (frame.header, frame.body) == (header, body)


def test_half_a_surrogate_pair_does_not_keep_a_turn_from_being_written() -> None:
    ((frame, _),) = unpack(pack_begin(TURN.bytes, {"model": "\ud800", "id": TURN}, b""))

    assert frame is not None
    assert frame.header == {"model": "?", "id": str(TURN)}


def test_a_segment_cut_off_anywhere_gives_its_whole_frames_and_no_others(tmp_path: Path) -> None:
    packed, frames = _small_segment()
    data = b"".join(packed)
    ends = [sum(map(len, packed[: n + 1])) for n in range(len(packed))]

    for size in range(len(data) + 1):
        path = _segment(tmp_path, data[:size])
        found = SpoolReader(tmp_path).poll()

        assert found == frames[: sum(end <= size for end in ends)]
        path.unlink()


@pytest.mark.parametrize("change", [0x01, 0x80, 0xFF])
def test_a_byte_that_changed_anywhere_never_gives_wrong_data(tmp_path: Path, change: int) -> None:
    packed, frames = _small_segment()
    data = b"".join(packed)

    for at in range(len(data)):
        damaged = bytearray(data)
        damaged[at] ^= change
        path = _segment(tmp_path, bytes(damaged))
        one = SpoolReader(tmp_path)
        found = one.poll()

        assert all(frame in frames for frame in found)
        assert len(found) < len(frames)
        assert one.segments[path.name].is_read
        assert one.segments[path.name].damaged
        path.unlink()


def test_frames_behind_a_damaged_one_are_still_read(tmp_path: Path) -> None:
    packed, frames = _small_segment()
    damaged = bytearray(b"".join(packed))
    damaged[len(packed[0]) + 10] ^= 1
    _segment(tmp_path, bytes(damaged))

    assert SpoolReader(tmp_path).poll() == [frames[0], *frames[2:]]


def test_a_frame_larger_than_one_read_arrives_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_READ_BYTES", 4096)
    big = pack(CHUNK, TURN.bytes, os.urandom(20_000))
    small = pack(CHUNK, TURN.bytes, b"small")
    _segment(tmp_path, small + big + small)
    one, found = SpoolReader(tmp_path), []

    for _ in range(8):
        found += one.poll()

    assert [len(frame.content) for frame in found] == [5, 20_000, 5]


def test_a_second_file_is_not_read_before_the_first_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_READ_BYTES", 100)
    packed, frames = _small_segment()
    many = [pack(CHUNK, TURN.bytes, bytes([n]) * 30) for n in range(20)]
    _segment(tmp_path, b"".join([packed[0], *many]), number=1)
    _segment(tmp_path, packed[-1], number=2)
    one, found = SpoolReader(tmp_path), []

    for _ in range(40):
        found += one.poll()

    assert [frame.kind for frame in found] == [BEGIN, *[CHUNK] * 20, END]
    assert [frame.content[0] for frame in found[1:-1]] == list(range(20))
    assert found[-1] == frames[-1]


def test_a_file_is_deleted_once_all_its_turns_are_stored(tmp_path: Path) -> None:
    other = uuid7()
    path = _segment(tmp_path, pack(CHUNK, TURN.bytes, b"a") + pack(CHUNK, other.bytes, b"b"))
    one = SpoolReader(tmp_path)
    one.poll()

    one.stored({TURN})
    kept = path.exists()
    one.stored({other})

    assert kept
    assert not path.exists()


# Writing ----------------------------------------------------------------------------------


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[SpoolWriter]:
    one = SpoolWriter(tmp_path / "spool", 1 << 30)
    one.start()
    yield one
    one.stop()


def test_a_file_being_written_is_read_but_not_taken_for_finished(
    spool: SpoolWriter, tmp_path: Path
) -> None:
    one = SpoolReader(tmp_path / "spool")
    assert spool.append(pack(CHUNK, TURN.bytes, b"a"))

    (frame,) = one.poll()
    one.stored({TURN})

    assert frame.content == b"a"
    assert one.dead_boots() == set()
    assert len(list((tmp_path / "spool").iterdir())) == 1


def test_a_file_is_not_seen_before_it_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recorder that looks in that very moment must not take the writer for a dead one."""
    found = SpoolReader(tmp_path)

    def flock(file: int, how: int) -> None:
        found.poll()
        found.stored(set())
        fcntl.flock(file, how)

    monkeypatch.setattr(writer, "fcntl", SimpleNamespace(flock=flock, LOCK_EX=fcntl.LOCK_EX))
    one = SpoolWriter(tmp_path, max_bytes=1 << 20)
    one.start()
    one.append(pack(CHUNK, TURN.bytes, b"said"))

    assert [frame.content for frame in found.poll()] == [b"said"]
    assert found.dead_boots() == set()
    one.stop()


def test_the_files_are_for_their_owner_alone(spool: SpoolWriter, tmp_path: Path) -> None:
    (file,) = (tmp_path / "spool").iterdir()

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_files_are_changed_without_losing_or_doubling_a_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_ROTATE_BYTES", 2_000)
    monkeypatch.setattr(writer, "_SYNC_SECONDS", 0.005)
    spool = SpoolWriter(tmp_path, 1 << 30)
    spool.start()
    one, found = SpoolReader(tmp_path), []

    for number in range(600):
        assert spool.append(pack(CHUNK, TURN.bytes, number.to_bytes(4, "big") * 20))
        if number % 50 == 0:
            time.sleep(0.01)
            found += one.poll()
    files = len(list(tmp_path.iterdir()))
    spool.stop()
    while new := one.poll():
        found += new

    assert files > 3
    assert [int.from_bytes(frame.content[:4], "big") for frame in found] == list(range(600))


def test_a_folder_over_its_limit_stops_recording_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_ROTATE_BYTES", 1_000)
    monkeypatch.setattr(writer, "_SYNC_SECONDS", 0.005)
    spool = SpoolWriter(tmp_path, 5_000)
    spool.start()

    give_up = time.monotonic() + 10
    while spool.is_recording and time.monotonic() < give_up:
        spool.append(pack(CHUNK, TURN.bytes, b"x" * 500))
        time.sleep(0.002)
    refused = spool.append(b"no room")
    for file in sorted(tmp_path.iterdir())[:-1]:
        file.unlink()
    while not spool.is_recording and time.monotonic() < give_up:
        time.sleep(0.01)
    accepted = spool.append(pack(CHUNK, TURN.bytes, b"again"))
    spool.stop()

    assert not refused
    assert accepted
    assert spool.lost_frames >= 1


def test_a_write_that_fails_in_the_middle_leaves_no_half_frame(tmp_path: Path) -> None:
    spool = SpoolWriter(tmp_path, 1 << 30)
    spool.start()
    whole = pack(CHUNK, TURN.bytes, b"whole")
    spool.append(whole)
    # The operating system writes up to the limit and refuses the rest.
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 40, limits[1]))
    try:
        written = spool.append(pack(CHUNK, TURN.bytes, b"x" * 1000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    (file,) = tmp_path.iterdir()
    assert not written
    assert spool.lost_frames == 1
    assert not spool.is_recording
    assert file.read_bytes() == whole
    spool.stop()


def test_a_file_that_cannot_even_be_shortened_raises_nothing(tmp_path: Path) -> None:
    spool = SpoolWriter(tmp_path, 1 << 30)
    spool.start()
    (file,) = tmp_path.iterdir()
    real, broken = spool._file, os.open(file, os.O_RDONLY)
    spool._file = broken

    assert spool.append(b"frame") is False

    spool._file = real
    os.close(broken)
    spool.stop()


def test_a_writer_that_dies_is_seen_as_dead(tmp_path: Path) -> None:
    path = _segment(tmp_path, pack(CHUNK, TURN.bytes, b"a"))
    one = SpoolReader(tmp_path)
    with path.open("ab") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        one.poll()
        while_alive = one.dead_boots()

    one.poll()

    assert while_alive == set()
    assert one.dead_boots() == {"1-1-a"}
