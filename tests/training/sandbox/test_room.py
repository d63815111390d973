"""Walls and limits of the sandbox, tried by real commands."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from apps.training.errors import SandboxRefused
from apps.training.sandbox import room as rooms
from apps.training.sandbox.opening import room_open
from apps.training.sandbox.room import Room, RoomLimits

QUICK = RoomLimits(seconds=3, processes=12)


def can_confine() -> bool:
    try:
        with Room(is_confined=True) as room:
            return room.run(["true"]).exit_code == 0
    except SandboxRefused:
        return False


needs_walls = pytest.mark.skipif(not can_confine(), reason="this kernel offers no walls")


@pytest.fixture
def room():
    with Room(is_confined=True, limits=QUICK) as opened:
        yield opened


def shell(room, script, **wish):
    return room.run(["/bin/sh", "-c", script], **wish)


@needs_walls
def test_a_command_reads_its_input_and_keeps_its_files_for_the_next(room):
    first = shell(room, "cat > a.txt; echo kept; exit 3", said="some text")
    second = shell(room, "cat a.txt; pwd; echo trouble >&2")

    assert (first.exit_code, first.stdout) == (3, "kept\n")
    assert (second.exit_code, second.stdout, second.stderr) == (0, "some text/work\n", "trouble\n")


@needs_walls
def test_nothing_of_the_machine_is_there_but_its_programs(room, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the key")
    os.environ["A_SECRET_OF_THE_WORKER"] = "sk-1"
    root, *others = "root", "home", "var", "run", "sys"
    folders = " ".join(f"/{name}" for name in (root, *others))
    try:
        ran = shell(
            room,
            f"cat {secret} {Path(__file__)} /etc/shadow /proc/1/environ;"
            f" cat ../../../../etc/shadow; ls {folders}; env; ls -A /proc/1/{root}",
        )
    finally:
        del os.environ["A_SECRET_OF_THE_WORKER"]

    assert "the key" not in ran.stdout + ran.stderr
    assert "sk-1" not in ran.stdout
    assert "root:" not in ran.stdout
    assert ran.stderr.count("No such file") >= 6


@needs_walls
def test_a_link_out_of_the_room_leads_nowhere(room, tmp_path):
    (tmp_path / "secret").write_text("the key")

    ran = shell(room, f"ln -s {tmp_path}/secret link; ln -s / all; cat link all{tmp_path}/secret")

    assert ran.exit_code != 0
    assert "the key" not in ran.stdout


@needs_walls
def test_there_is_no_network_not_even_to_the_machine_itself(room):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        script = (
            "import socket\n"
            f"for to in (('127.0.0.1', {port}), ('1.1.1.1', 53)):\n"
            "    try: socket.create_connection(to, 1); print('through')\n"
            "    except OSError as exc: print('shut', exc.errno)\n"
        )
        ran = room.run(["/usr/bin/env", "python3", "-c", script])

    assert "through" not in ran.stdout
    assert ran.stdout.count("shut") == 2 or "No such file" in ran.stderr


@needs_walls
def test_rights_cannot_be_got_back(room):
    ran = shell(
        room,
        "id -u; grep Cap /proc/self/status | grep -v CapBnd; touch /usr/x /etc/x /x;"
        " mount -t tmpfs none /work; unshare -r true; chroot / true; kill -9 1; echo alive",
    )

    lines = ran.stdout.split("\n")
    assert lines[0] != "0"
    assert {line.split()[-1] for line in lines if line.startswith("Cap")} == {"0" * 16}
    assert "alive" in lines
    assert not Path("/usr/x").exists()


@needs_walls
def test_a_fork_bomb_comes_to_nothing_and_leaves_nothing(room):
    began = time.monotonic()

    ran = room.run(["/bin/sh", "-c", "bomb() { bomb | bomb & }; bomb; sleep 60"], seconds=2)

    assert time.monotonic() - began < 15
    assert ran.ended == "timeout" or "fork" in ran.stderr.lower()
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False)
    assert "bomb" not in left.stdout


@needs_walls
def test_what_runs_on_in_the_background_ends_with_its_command(room):
    ran = shell(room, "(sleep 1; echo late >> late.txt) > /dev/null 2>&1 & echo done")

    assert ran.stdout == "done\n"
    time.sleep(1.3)
    assert shell(room, "ls").stdout == ""


@needs_walls
@pytest.mark.parametrize(
    "script, seconds", [("sleep 30", 0.5), ("while :; do :; done", 0.5), ("cat > /dev/null", 0.5)]
)
def test_a_command_that_takes_too_long_is_stopped(room, script, seconds):
    began = time.monotonic()
    said = "x" * 10_000_000 if script.startswith("cat") else ""

    ran = shell(room, script, seconds=seconds, said=said)

    assert ran.ended == "timeout" or script.startswith("cat")
    assert time.monotonic() - began < 5


@needs_walls
def test_what_is_printed_is_cut_and_the_rest_thrown_away(room):
    ran = shell(room, "yes | head -c 50000000; echo end >&2", seconds=20)

    assert (len(ran.stdout), ran.is_cut) == (QUICK.output_bytes, True)
    assert ran.stderr == "end\n"


@needs_walls
def test_memory_ends(room):
    ran = room.run(["/usr/bin/env", "python3", "-c", "len(bytearray(800_000_000))"])

    assert ran.exit_code != 0


@needs_walls
@pytest.mark.parametrize(
    "script",
    [
        "i=0; while :; do i=$((i+1)); head -c 8000000 /dev/zero > f$i; done",
        "i=0; while :; do i=$((i+1)); : > f$i; done",
    ],
)
def test_a_full_disk_is_not_waited_for(script):
    limits = RoomLimits(seconds=20, disk_bytes=20_000_000, files=500)
    with Room(is_confined=True, limits=limits) as small:
        ran = shell(small, script)
        cleared = small.run(["/bin/sh", "-c", "rm -r . 2>/dev/null; find . -type f -delete; ls"])
        big = shell(small, "head -c 99000000 /dev/zero > big")

    assert ran.ended == "disk"
    assert (cleared.ended, cleared.stdout) == ("done", "")
    assert big.exit_code != 0


@needs_walls
def test_the_room_is_gone_afterwards_whatever_was_done_to_it():
    with Room(is_confined=True, limits=QUICK) as opened:
        base = opened.work.parent
        shell(opened, "mkdir -p a/b; ln -s /etc c; touch a/b/c; chmod 0 a/b a; chmod 0 .")

    assert not base.exists()


@needs_walls
def test_a_command_that_is_not_there_says_so(room):
    ran = room.run(["no-such-program"])

    assert (ran.exit_code, ran.stderr) == (127, "no-such-program: No such file or directory\n")


@needs_walls
def test_rooms_of_one_process_do_not_see_each_other():
    found = []

    def play(word):
        with Room(is_confined=True, limits=QUICK) as opened:
            shell(opened, f"echo {word} > {word}; sleep 0.2")
            found.append((word, shell(opened, "ls; ls /tmp").stdout))

    threads = [threading.Thread(target=play, args=(word,)) for word in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [("one", "one\n"), ("three", "three\n"), ("two", "two\n")]


@needs_walls
def test_a_worker_that_is_killed_takes_its_commands_along(tmp_path):
    script = (
        "from apps.training.sandbox.room import Room\n"
        "with Room(is_confined=True) as room:\n"
        "    print(room.work, flush=True)\n"
        "    room.run(['/bin/sh', '-c', 'while :; do date >> beat; sleep 0.1; done'])\n"
    )
    root = Path(rooms.__file__).parents[3]
    worker = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    beat = Path(worker.stdout.readline().strip()) / "beat"
    until = time.monotonic() + 10
    while not beat.exists() and time.monotonic() < until:
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    worker.stdout.close()
    time.sleep(0.5)
    size = beat.stat().st_size
    time.sleep(0.5)

    assert size == beat.stat().st_size > 0


def test_where_nothing_can_be_shut_in_nothing_is_run(monkeypatch, tmp_path):
    launcher = tmp_path / "launcher.py"
    text = Path(rooms._LAUNCHER).read_text()
    launcher.write_text(text.replace("libc.unshare(flags)", "(ctypes.set_errno(1), -1)[1]"))
    monkeypatch.setattr(rooms, "_LAUNCHER", str(launcher))

    with Room(is_confined=True) as opened:
        with pytest.raises(SandboxRefused, match="METACLAW_SANDBOX=unconfined"):
            shell(opened, "echo hello > made")
        assert list(opened.work.iterdir()) == []


def test_unconfined_has_limits_at_least(settings):
    settings.METACLAW_ROLLOUT_TOOLS = True
    settings.METACLAW_SANDBOX = "unconfined"

    with room_open() as opened:
        ran = shell(opened, "sleep 30 & cat; ulimit -f; sleep 20", said="in", seconds=0.5)

    assert ran.ended == "timeout"
    assert ran.stdout.startswith("in")


def test_tools_are_off_unless_somebody_turned_them_on():
    with pytest.raises(SandboxRefused, match="METACLAW_ROLLOUT_TOOLS=1"):
        room_open()
