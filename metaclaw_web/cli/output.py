"""The two terminals: results go to standard output, everything else to standard error."""

from rich.console import Console

# Created on use: tests and pipes replace the streams after this module was imported.


def results() -> Console:
    return Console(highlight=False)


def remarks() -> Console:
    return Console(stderr=True, highlight=False)
