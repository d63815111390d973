"""``python -m bench.training``: the slow loop on the local trainer, over HTTP, with the real SDK.

Needs a Postgres (``make bench-training`` hands it in) and the packages of the trainer. Makes a
database of its own and drops it, starts a trainer of its own and ends it. The model is the local
demo model, which knows nothing and means nothing: what is measured is the loop. Exits with 1 when
an aim is missed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
os.environ["METACLAW_ALLOW_PRIVATE_UPSTREAMS"] = "1"
os.environ["METACLAW_TRAINING_SLICE_SECONDS"] = "5"
os.environ["HF_HUB_OFFLINE"] = "1"

ROWS = ("losses", "distillation", "tenants", "kills", "serving")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.training", description=__doc__)
    parser.add_argument("--only", choices=ROWS, action="append", help="this row; may be repeated")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--docs", action="store_true", help="put the table into docs/training.md")
    asked = parser.parse_args()
    django.setup()
    from bench.training import report, running
    from tests import database
    from tests.trainer.process import TrainerProcess

    database.create()
    try:
        with tempfile.TemporaryDirectory(prefix="metaclaw-bench-") as folder:
            trainer = TrainerProcess(Path(folder) / "trainer")
            trainer.key("nobody")
            trainer.start()
            try:
                found = running.run(trainer, rows=asked.only or ROWS, kills=asked.kills)
            finally:
                trainer.stop()
    finally:
        database.drop()
    print(found.table())
    if asked.docs:
        report.write(found)
    return 0 if found.is_met else 1


if __name__ == "__main__":
    sys.exit(main())
