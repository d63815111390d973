"""``python -m apps.skills.bank VERSION``: write the bank's manifest again, after a change."""

import sys

from apps.skills.archive import read_directory
from apps.skills.bank import HERE
from apps.skills.packs import MANIFEST, pack_of

if __name__ == "__main__":
    docs = [doc for _, doc in read_directory(HERE)]
    made = pack_of(
        docs, name="metaclaw-bank", version=sys.argv[1], licence="MIT", author="MetaClaw Web"
    )
    (HERE / MANIFEST).write_text(made.manifest.text, encoding="utf-8")
