"""Runs one command shut in: started by ``room``, as a program of its own.

    python -I -S launcher.py '{"argv": [...], "work": "/…", "root": "/…", "ready_fd": 5, …}'

It must not import anything of ours or of others: all it needs is the kernel. What it says about
itself goes to ``ready_fd``: ``ready`` when the walls stand, or a sentence why they do not; then
nothing has been run. Everything here is about Linux: https://man7.org/linux/man-pages/man7/namespaces.7.html
"""

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
SYS_MOUNT_SETATTR = 442
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
# "nobody": as root, nothing here may belong to who runs the command.
NOBODY = 65534
# Inside, whoever they are outside.
INSIDE = 1000
CAPABILITY_VERSION = 0x20080522

SYSTEM_FOLDERS = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
# Programs are found through these: a linker's cache, and which of two is meant by a name.
SYSTEM_FILES = ("etc/alternatives", "etc/ld.so.cache")
DEVICES = ("null", "zero", "urandom", "random", "full")

libc = ctypes.CDLL(None, use_errno=True)

Wish = dict[str, Any]


class _Attributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    checked(
        libc.mount(
            source.encode(),
            target.encode(),
            kind.encode() if kind else None,
            ctypes.c_ulong(flags),
            options.encode() or None,
        ),
        f"mount {target}",
    )


def lock_mount(target: str, attributes: int) -> None:
    """Read-only and the like, for a mount and everything mounted below it."""
    wanted = _Attributes(attributes, 0, 0, 0)
    checked(
        libc.syscall(
            SYS_MOUNT_SETATTR,
            AT_FDCWD,
            target.encode(),
            AT_RECURSIVE,
            ctypes.byref(wanted),
            ctypes.sizeof(wanted),
        ),
        f"make {target} read-only",
    )


def bind(source: str, target: str, attributes: int) -> None:
    mount(source, target, None, MS_BIND | MS_REC)
    lock_mount(target, attributes)


def leave_root() -> None:
    """Nothing of root's may be readable to the command, and limits on processes do not hold for
    root."""
    if os.geteuid() != 0:
        return
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # Or /proc/self would belong to root.
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def die_with_parent() -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def enter_namespaces() -> None:
    uid, gid = os.geteuid(), os.getegid()
    flags = NEWUSER | NEWNS | NEWPID | NEWNET | NEWIPC | NEWUTS
    checked(libc.unshare(flags), "leave the namespaces of the machine")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE} {uid} 1"),
        ("gid_map", f"{INSIDE} {gid} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(text)


def build_room(root: str, work: str, tmp_bytes: int) -> None:
    """Mount what the command may see at ``root``, and make that all there is."""
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755,nr_inodes=2000")
    for name in ("work", "tmp", "proc", "dev", "etc"):
        Path(root, name).mkdir()
    for name in SYSTEM_FOLDERS:
        _show(f"/{name}", f"{root}/{name}")
    for name in SYSTEM_FILES:
        _show(f"/{name}", f"{root}/{name}")
    for name in DEVICES:
        Path(root, "dev", name).touch()
        mount(f"/dev/{name}", f"{root}/dev/{name}", None, MS_BIND)
    Path(root, "etc/passwd").write_text(f"agent:x:{INSIDE}:{INSIDE}::/work:/bin/sh\n")
    Path(root, "etc/group").write_text(f"agent:x:{INSIDE}:\n")
    Path(root, "etc/hosts").write_text("127.0.0.1 localhost\n")
    tmp = Path(root, "tmp")
    mount("tmpfs", str(tmp), "tmpfs", MS_NOSUID | MS_NODEV, f"size={tmp_bytes},mode=777")
    bind(work, f"{root}/work", ATTR_NOSUID | ATTR_NODEV)
    _show_processes(f"{root}/proc")
    os.chdir(root)
    checked(libc.pivot_root(b".", b"."), "change the root")
    checked(libc.umount2(b".", MNT_DETACH), "let go of the old root")
    os.chdir("/work")
    wanted = _Attributes(ATTR_RDONLY, 0, 0, 0)
    size = ctypes.sizeof(wanted)
    done = libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, b"/", 0, ctypes.byref(wanted), size)
    checked(done, "make / read-only")


def _show(source: str, target: str) -> None:
    there = Path(source)
    if there.is_symlink():
        Path(target).symlink_to(there.readlink())
        return
    if there.is_dir():
        Path(target).mkdir(exist_ok=True)
    elif there.is_file():
        Path(target).touch()
    else:
        return
    bind(source, target, ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV)


def _show_processes(target: str) -> None:
    """Its own processes; where the machine hides parts of /proc, the kernel refuses this."""
    try:
        mount("proc", target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError:
        return
    # A room within the room would bring back rights that this one has not.
    Path(target, "sys/user/max_user_namespaces").write_text("0")
    bind(f"{target}/sys", f"{target}/sys", ATTR_RDONLY)


def drop_rights() -> None:
    class Header(ctypes.Structure):
        _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]

    header, nothing = Header(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    checked(libc.capset(ctypes.byref(header), ctypes.byref(nothing)), "drop capabilities")
    refuse_new_rights()


def refuse_new_rights() -> None:
    checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "refuse new rights")


def set_limits(limits: dict[str, int]) -> None:
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def run_and_wait(argv: list[str], environment: dict[str, str], ready_fd: int) -> int:
    """Run the command; whatever it leaves behind ends with us, the first process of the room."""
    pid = os.fork()
    if pid == 0:
        try:
            os.close(ready_fd)
            for one in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(one, signal.SIG_DFL)
            os.execvpe(argv[0], argv, environment)  # noqa: S606  # this is what we are for
        except OSError as exc:
            os.write(2, f"{argv[0]}: {exc.strerror}\n".encode())
        os._exit(127)
    os.write(ready_fd, b"ready")
    os.close(ready_fd)
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == pid:
            code = os.waitstatus_to_exitcode(status)
            return 128 - code if code < 0 else code


def confined(wish: Wish) -> int:
    leave_root()
    die_with_parent()
    enter_namespaces()
    pid = os.fork()
    if pid:
        os.close(wish["ready_fd"])
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return 128 - code if code < 0 else code
    die_with_parent()
    build_room(wish["root"], wish["work"], wish["tmp_bytes"])
    socket.sethostname("sandbox")
    set_limits(wish["limits"])
    drop_rights()
    return run_and_wait(wish["argv"], wish["environment"], wish["ready_fd"])


def unconfined(wish: Wish) -> int:
    """With limits but without walls: for machines whose operator said so."""
    leave_root()
    die_with_parent()
    os.chdir(wish["work"])
    set_limits(wish["limits"])
    refuse_new_rights()
    return run_and_wait(wish["argv"], wish["environment"], wish["ready_fd"])


def main() -> None:
    wish = json.loads(sys.argv[1])
    try:
        code = (confined if wish["is_confined"] else unconfined)(wish)
    except Exception as exc:  # the edge of the process: whoever started it is told why
        os.write(wish["ready_fd"], f"{type(exc).__name__}: {exc}".encode()[:1000])
        code = 125
    os._exit(code)


if __name__ == "__main__":
    main()
