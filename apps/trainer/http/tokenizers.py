"""A base model's tokenizer, for a client elsewhere. Ours: the Tinker API names one instead."""

import asyncio
from pathlib import Path

from aiohttp import web

from apps.trainer.http.context import answer, server_of

# What a tokenizer needs, and nothing that could be run.
_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
    "generation_config.json",
)


async def get_tokenizer(request: web.Request) -> web.Response:
    bases = server_of(request).bases
    folder = bases.folder(bases.check(request.match_info["model"]))
    return answer({"files": await asyncio.to_thread(_read, folder)})


def _read(folder: Path) -> dict[str, str]:
    found = ((name, folder / name) for name in _FILES)
    return {name: path.read_text("utf-8") for name, path in found if path.is_file()}
