"""``python -m bench.canary``: how often the rule of canaries decides wrongly, simulated.

Needs no database and no network. Exits with 1 when an aim is missed.
"""

import argparse
import os
from collections import Counter
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
django.setup()

from bench.canary.simulated import Outcome, Scenario, play  # noqa: E402  # needs the settings

_RUNS = 2_000
_SCENARIOS = (
    Scenario("harmful, 0.70 to 0.45", 0.70, 0.45),
    Scenario("harmful, 0.70 to 0.55", 0.70, 0.55),
    Scenario("harmful, 0.70 to 0.45, share 20 %", 0.70, 0.45, share=0.2),
    Scenario("useless, 0.70", 0.70, 0.70),
    Scenario("useless, 0.95", 0.95, 0.95),
    Scenario("useless, 0.70, share 20 %", 0.70, 0.70, share=0.2),
    Scenario("as good, but three times as slow", 0.70, 0.70, slower=3.0),
    Scenario("helpful, 0.50 to 0.75", 0.50, 0.75),
    Scenario("helpful, 0.50 to 0.75, share 20 %", 0.50, 0.75, share=0.2),
)
_HARMFUL, _USELESS = 0.95, 0.05


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.canary", description=__doc__)
    parser.add_argument("--runs", type=int, default=_RUNS)
    runs = parser.parse_args().runs
    print(
        f"| {runs:,} canaries each | promoted | rolled back | no lift | sessions (median) | aim |"
    )
    print("|---|---:|---:|---:|---:|---|")
    missed = 0
    for scenario in _SCENARIOS:
        outcomes = [play(scenario, seed) for seed in range(runs)]
        aim, is_met = _aim(scenario, _shares(outcomes))
        missed += not is_met
        print(_line(scenario, outcomes, aim), flush=True)
    return 1 if missed else 0


def _shares(outcomes: list[Outcome]) -> dict[str, float]:
    counted = Counter(one.verdict for one in outcomes)
    return {name: counted[name] / len(outcomes) for name in ("promoted", "rolled_back", "no_lift")}


def _aim(scenario: Scenario, shares: dict[str, float]) -> tuple[str, bool]:
    if scenario.name.startswith(("harmful", "as good")):
        is_met = shares["rolled_back"] >= _HARMFUL
        return f"rolled back ≥ {_HARMFUL:.0%}: {'met' if is_met else 'MISSED'}", is_met
    if scenario.name.startswith("useless"):
        is_met = shares["promoted"] <= _USELESS
        return f"promoted ≤ {_USELESS:.0%}: {'met' if is_met else 'MISSED'}", is_met
    return "–", True


def _line(scenario: Scenario, outcomes: list[Outcome], aim: str) -> str:
    shares = _shares(outcomes)
    cells = [f"{shares[name]:.1%}" for name in ("promoted", "rolled_back", "no_lift")]
    sessions = f"{median(one.sessions for one in outcomes):.0f}"
    return "| " + " | ".join([scenario.name, *cells, sessions, aim]) + " |"


if __name__ == "__main__":
    raise SystemExit(main())
