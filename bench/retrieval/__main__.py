"""``python -m bench.retrieval``: compare the ways of finding skills on the labelled set.

Needs the model of ``requirements/embedder.txt`` and nothing else: no database, no network. Exits
with 1 when an aim is missed.
"""

import argparse
import gc
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

# Before numpy is loaded: the embedder runs on one core, too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from apps.skills import words
from apps.skills.retrieval import SkillIndex
from bench import machine
from bench.retrieval import large, metrics, modes, report
from bench.retrieval.dataset import load

_FOLDER = Path(__file__).parent
_DOCUMENT = _FOLDER.parent.parent / "docs" / "retrieval.md"
_ROUNDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.retrieval", description=__doc__)
    parser.add_argument("--write", action="store_true", help="results.json and docs/retrieval.md")
    found = _run()
    if parser.parse_args().write:
        report.write(found, data=_FOLDER / "results.json", document=_DOCUMENT)
    print(report.markdown(found))
    return 0 if all(aim.is_met is not False for aim in report.aims(found)) else 1


def _run() -> report.Found:
    dataset = load()
    parts = {
        part: [query for query in dataset.queries if query.split == part]
        for part in ("dev", "test")
    }
    texts = [query.text for query in parts["test"]]
    results = []
    for mode in modes.modes(dataset.skills):
        dev, test = (metrics.quality(mode.choose, parts[p], dataset) for p in ("dev", "test"))
        ranking = metrics.speed(mode.choose, texts, rounds=_ROUNDS)
        vector = metrics.vector_speed(mode, texts)
        results.append(report.ModeResult(mode.name, dev, test, ranking, vector))
    index = SkillIndex(large.library(dataset.skills))
    # As the gateway does once it is warm: what lives on is not looked through again and again.
    gc.collect()
    gc.freeze()
    words.terms_of.cache_clear()
    speed = metrics.speed(
        lambda text: [hit.skill.slug for hit in index.search(text)],
        texts,
        rounds=1,
        is_warm=False,
    )
    return report.Found(
        measured_at=datetime.now(UTC).strftime("%Y-%m-%d"),
        machine=str(machine.describe()),
        modes=results,
        large=speed,
        large_size=large.SIZE,
    )


if __name__ == "__main__":
    sys.exit(main())
