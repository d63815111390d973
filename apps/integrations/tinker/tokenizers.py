"""The tokenizer of a base model: from the trainer itself where it has a door for that (ours
does), else by the model's name, as the Tinker SDK finds it."""

import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from apps.core.said import say
from apps.integrations.guarded_http import guarded_client
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.types import TrainerConnection

_WAIT_SECONDS = 30.0
_MOST_BYTES = 64 * 1024 * 1024
_MOST_KEPT = 32
_kept: dict[tuple[str, str], Any] = {}
_lock = threading.Lock()


def tokenizer_of(connection: TrainerConnection, base_model: str) -> Any:
    """A ``transformers`` tokenizer, loaded once a process. Raises TrainerFailed.

    No code that comes with a model is ever run.
    """
    key = (connection.base_url, base_model)
    with _lock:
        if key not in _kept:
            while len(_kept) >= _MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = _load(connection, base_model)
        return _kept[key]


def _load(connection: TrainerConnection, base_model: str) -> Any:
    files = _files(connection, base_model)
    if files is None:
        return _by_name(base_model)
    with tempfile.TemporaryDirectory(prefix="metaclaw-tokenizer-") as folder:
        for name, text in files.items():
            # Names of files, never paths.
            (Path(folder) / Path(name).name).write_text(text, "utf-8")
        return _from_pretrained(folder, base_model, local_files_only=True)


def _files(connection: TrainerConnection, base_model: str) -> dict[str, str] | None:
    """What the trainer itself has; None where it knows no such request."""
    url = f"{connection.base_url.rstrip('/')}/api/v1/tokenizers/{quote(base_model)}"
    try:
        with (
            guarded_client(_WAIT_SECONDS) as client,
            client.stream("GET", url, headers={"x-api-key": connection.api_key}) as answer,
        ):
            if answer.status_code != 200:
                return None
            data = bytearray()
            for chunk in answer.iter_bytes():
                data += chunk
                if len(data) > _MOST_BYTES:
                    raise _unreadable(base_model, "it is larger than 64 MB")
        found = httpx2.Response(200, content=bytes(data)).json()["files"]
        return {str(name): str(text) for name, text in found.items()}
    except httpx2.HTTPError as exc:
        english = "The trainer did not answer when asked for the tokenizer of {model}: {why}"
        raise TrainerFailed(
            say("tokenizer_unreachable", english, model=base_model, why=str(exc)),
            reason="unreachable",
        ) from exc
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _by_name(base_model: str) -> Any:
    """Where the Hugging Face hub has it: ``org/model``, or ``org/model/variant`` of Tinker."""
    name = base_model.split(":", 1)[0]
    parts = name.split("/")
    if len(parts) not in (2, 3) or Path(name).exists() or any(not p.strip(".") for p in parts):
        raise _unreadable(base_model, "its name is not one of the form organisation/model")
    if name.startswith("meta-llama/Llama-3"):
        # Meta's own needs a licence to be signed; Tinker's SDK goes here, too.
        return _from_pretrained("thinkingmachineslabinc/meta-llama-3-instruct-tokenizer", name)
    return _from_pretrained("/".join(parts[:2]), name)


def _from_pretrained(source: str, base_model: str, **options: Any) -> Any:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(source, trust_remote_code=False, **options)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise _unreadable(base_model, str(exc).split("\n", 1)[0]) from exc


def _unreadable(base_model: str, why: str) -> TrainerFailed:
    english = "The tokenizer of {model} cannot be loaded: {why}."
    return TrainerFailed(
        say("tokenizer_unreadable", english, model=base_model, why=why), reason="unknown_model"
    )
