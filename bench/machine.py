"""What the numbers were measured on. Neither names nor paths: results are published."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Machine:
    cores: int
    processor: str
    memory_gb: int
    system: str
    python: str

    def __str__(self) -> str:
        return (
            f"{self.cores} cores ({self.processor}), {self.memory_gb} GB, {self.system},"
            f" Python {self.python}"
        )


def describe() -> Machine:
    return Machine(
        cores=os.cpu_count() or 1,
        processor=_processor(),
        memory_gb=round(psutil.virtual_memory().total / 1024**3),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
    )


def load_average() -> float:
    """Processes that ran or waited, over the last minute."""
    return round(os.getloadavg()[0], 2)


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"
