"""What runs on a clock: sweeps, each safe to skip, to repeat and to run beside itself.

Job rows are the truth; a lost bell costs at most one period of the first sweep.
"""

from typing import Any

SWEEPS: dict[str, dict[str, Any]] = {
    "jobs.sweep": {"task": "jobs.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "trajectories.sweep_sessions": {
        "task": "trajectories.sweep_sessions",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "evolution.sweep_triggers": {
        "task": "evolution.sweep_triggers",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "trajectories.sweep_turns": {
        "task": "trajectories.sweep_turns",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "trajectories.sweep_search": {
        "task": "trajectories.sweep_search",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "usage.sweep": {"task": "usage.sweep", "schedule": 86400.0, "options": {"expires": 3600}},
    "skills.sweep_vectors": {
        "task": "skills.sweep_vectors",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "skills.sweep_standings": {
        "task": "skills.sweep_standings",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "evolution.sweep_ledgers": {
        "task": "evolution.sweep_ledgers",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "evolution.sweep_canaries": {
        "task": "evolution.sweep_canaries",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "demo.sweep_canaries": {
        "task": "demo.sweep_canaries",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "evolution.sweep_replays": {
        "task": "evolution.sweep_replays",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "training.sweep_jobs": {
        "task": "training.sweep_jobs",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "training.sweep_trials": {
        "task": "training.sweep_trials",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "training.sweep_gates": {
        "task": "training.sweep_gates",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "training.sweep_rollouts": {
        "task": "training.sweep_rollouts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "training.sweep_checkpoints": {
        "task": "training.sweep_checkpoints",
        "schedule": 86400.0,
        "options": {"expires": 3600},
    },
    "training.sweep_windows": {
        "task": "training.sweep_windows",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "exports.sweep": {"task": "exports.sweep", "schedule": 300.0, "options": {"expires": 300}},
    "jobs.prune": {"task": "jobs.prune", "schedule": 3600.0, "options": {"expires": 3600}},
}
