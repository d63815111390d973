"""``python -m bench.workers``: SIGKILLs of workers while they judge, evolve and replay.

Failing turns are recorded in fresh workspaces, as many as are needed to keep the workers busy;
proposals that come of them are replayed and approved. All that is asked is answered by the
practice model (simulated). After the last kill the workers may finish, and what is in the
database is counted. Exits with 1 if anything was lost or is there twice.

Needs a Postgres: ``python -m metaclaw_web.stack exec -- python -m bench.workers``. It makes a
database of its own there and drops it.
"""

import argparse
import os
import sys
import time

import django

# Only so that nobody waits for what is meant for real traffic.
os.environ |= {"METACLAW_JUDGE_WAIT_SECONDS": "0", "METACLAW_EVOLVE_WAIT_SECONDS": "0.1"}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")

_MOST_SECONDS = 3_600


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.workers", description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    asked = parser.parse_args()
    django.setup()
    from bench.workers import counting, killing, practice
    from bench.workers.stage import Stage
    from tests import database

    database.create()
    try:
        with practice.running() as url:
            stage = Stage(url)
            begun = time.monotonic()
            killed = killing.play(stage, asked.kills, most_seconds=_MOST_SECONDS)
            seconds = time.monotonic() - begun
            found = counting.count(stage.tenant_ids)
    finally:
        database.drop()
    print(counting.table(found, killed=killed, seconds=seconds))
    return 1 if found.problems or sum(killed.values()) < asked.kills else 0


if __name__ == "__main__":
    sys.exit(main())
