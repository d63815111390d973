"""Where the installation stands on disk. A part of ``base``."""

from pathlib import Path

from metaclaw_web.env import env_str

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env_str("METACLAW_VAR_DIR", str(BASE_DIR / "var")))
