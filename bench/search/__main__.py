"""``python -m bench.search``: how long does a search over 200,000 turns take?

Needs the addresses of a Postgres (``python -m metaclaw_web.stack exec -- …`` hands them in) and
the model of ``requirements/embedder.txt``. Fills a database of its own and drops it. Exits with
1 when the aim is missed.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

# Before numpy is loaded: the embedder runs on one core, too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.test")

import django

django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402

from apps.core.errors import UpstreamFailed  # noqa: E402
from apps.core.ids import uuid7  # noqa: E402
from apps.integrations.embeddings.client import embed  # noqa: E402
from apps.tenants.services import tenant_create  # noqa: E402
from bench import machine  # noqa: E402
from bench.search import asking, database, filling, report  # noqa: E402
from bench.search.texts import Texts  # noqa: E402
from metaclaw_web import collecting  # noqa: E402

_DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "search.md"
_OTHERS = 0.1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--turns", type=int, default=200_000)
    parser.add_argument("--searches", type=int, default=200, help="of each kind")
    parser.add_argument("--docs", action="store_true", help="write the figures to docs/search.md")
    asked = parser.parse_args()
    with _embedder(), database.throw_away():
        found = _run(asked.turns, asked.searches)
    if asked.docs:
        report.write(found, _DOCUMENT)
    print(report.markdown(found))
    return 0 if found.is_met else 1


def _run(turns: int, searches: int) -> report.Found:
    texts = Texts()
    vectors = np.array(embed(texts.requests))
    ours, theirs = (
        tenant_create(slug=f"bench-{uuid7().hex[-12:]}", name="Benchmark").id for _ in range(2)
    )
    with database.without_indexes():
        filling.fill(theirs, int(turns * _OTHERS), texts, vectors, seed=1)
        begun = time.monotonic()
        filling.fill(ours, turns, texts, vectors, seed=2)
        filled = time.monotonic() - begun
        begun = time.monotonic()
    built = time.monotonic() - begun
    print(f"{turns:,} turns in {filled:.0f} s, indexes in {built:.0f} s", file=sys.stderr)
    begun = time.monotonic()
    filling.fill(ours, 4_000, texts, vectors, seed=3)
    # As the console does.
    collecting.settle()
    return report.Found(
        measured_at=datetime.now(UTC).strftime("%Y-%m-%d"),
        machine=str(machine.describe()),
        turns=turns,
        others=int(turns * _OTHERS),
        indexed_per_second=4_000 / (time.monotonic() - begun),
        sizes=database.sizes(),
        recall=asking.recall(ours, [tuple(one) for one in vectors[:40]]),
        kinds=list(asking.kinds(ours, texts, searches)),
    )


@contextmanager
def _embedder() -> Iterator[None]:
    """The embedder as users run it: a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "apps.integrations.embeddings.local", "--port", str(port)]
    process = subprocess.Popen(command)
    settings.METACLAW_EMBEDDINGS_MODEL = "all-MiniLM-L6-v2"
    settings.METACLAW_EMBEDDINGS_URL = f"http://127.0.0.1:{port}/v1"
    try:
        _wait(process)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            embed(["ready?"])
        except UpstreamFailed:
            time.sleep(0.2)
        else:
            return
    sys.exit("The embedder does not start: see docs/retrieval.md.")


if __name__ == "__main__":
    sys.exit(main())
