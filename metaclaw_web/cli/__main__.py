"""``python -m metaclaw_web.cli``, also installed as ``metaclaw``."""

from metaclaw_web.cli.app import app

if __name__ == "__main__":
    app(prog_name="metaclaw")
