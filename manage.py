#!/usr/bin/env python
import os
import sys

from metaclaw_web.env import BadSetting


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as exc:
        sys.exit(f"metaclaw: {exc}")


if __name__ == "__main__":
    main()
