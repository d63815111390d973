"""The embedder of this machine: its tokens, its vectors and its server."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from apps.integrations.embeddings.local import DIMENSIONS, MODEL_ID
from apps.integrations.embeddings.local.app import create_app
from apps.integrations.embeddings.local.installed import is_installed
from apps.integrations.embeddings.local.model import MiniLM
from apps.integrations.embeddings.local.tokenizer import MAX_TOKENS

pytestmark = pytest.mark.skipif(not is_installed(), reason="requirements/embedder.txt")

# The first numbers of the vector that sentence-transformers makes of this text.
PUBLISHED = {
    "This is an example sentence": (0.0676569, 0.0634960, 0.0487131, 0.0793050, 0.0374480),
    "Each sentence is converted": (0.0864386, 0.1027626, 0.0053946, 0.0020444, -0.0099634),
}


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


async def ask(model: Any, body: Any, *, path: str = "/v1/embeddings", method: str = "POST"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": []}
    await create_app(model)(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.mark.parametrize(
    "text, tokens",
    [
        ("hello world", [101, 7592, 2088, 102]),
        ("HELLO,  wörld!", [101, 7592, 1010, 2088, 999, 102]),
        ("unaffable", [101, 14477, 20961, 3468, 102]),
        ("", [101, 102]),
        ("中国", [101, 1746, 1799, 102]),
        ("a\u0000b\u200bc", [101, 5925, 102]),
        ("x" * 101, [101, 100, 102]),
    ],
)
def test_text_becomes_the_pieces_that_the_model_was_trained_on(model, text, tokens):
    assert model.tokens(text) == tokens


def test_a_long_text_ends_where_the_model_stops_reading(model):
    tokens = model.tokens("word " * 1000)

    assert (len(tokens), tokens[-1]) == (MAX_TOKENS, 102)


@pytest.mark.parametrize("text, numbers", PUBLISHED.items())
def test_the_vectors_are_those_of_the_reference_implementation(model, text, numbers):
    (vector,) = model.embed([model.tokens(text)])

    assert vector[:5] == pytest.approx(numbers, abs=1e-6)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-6)


def test_a_text_has_one_vector_whatever_it_is_sent_with(model):
    texts = ["refund", "a customer wants their money back", "refund", "long " * 300, ""]

    together = model.embed([model.tokens(text) for text in texts])

    for text, vector in zip(texts, together, strict=True):
        alone = model.embed([model.tokens(text)])[0]
        assert vector == pytest.approx(alone, abs=1e-6)


def test_what_means_the_same_is_closer_than_what_shares_words(model):
    asked, same, other = model.embed(
        [
            model.tokens(text)
            for text in (
                "the customer wants their money back",
                "refund a purchase",
                "the customer wants their back massaged",
            )
        ]
    )

    assert asked @ same > 0.4
    assert model.embed([model.tokens("tree")])[0] @ other < 0.3


async def test_the_server_answers_as_openai_does(model):
    status, body = await ask(model, {"model": MODEL_ID, "input": ["one", "two words"]})

    assert status == 200
    assert [row["index"] for row in body["data"]] == [0, 1]
    assert {len(row["embedding"]) for row in body["data"]} == {DIMENSIONS}
    assert body["usage"] == {"prompt_tokens": 7, "total_tokens": 7}
    expected = model.embed([model.tokens("two words")])[0]
    assert body["data"][1]["embedding"] == pytest.approx(expected, abs=1e-6)


async def test_numbers_come_packed_on_request(model):
    _, plain = await ask(model, {"input": "one"})
    _, packed = await ask(model, {"input": "one", "encoding_format": "base64"})

    raw = base64.b64decode(packed["data"][0]["embedding"])
    assert np.frombuffer(raw, np.float32) == pytest.approx(plain["data"][0]["embedding"])


async def test_a_batch_larger_than_one_piece_keeps_its_order(model):
    texts = [f"text number {n} " * (n % 5 + 1) for n in range(20)]

    _, body = await ask(model, {"input": texts})

    expected = model.embed([model.tokens(text) for text in texts])
    for row, vector in zip(body["data"], expected, strict=True):
        assert row["embedding"] == pytest.approx(vector, abs=1e-6)


@pytest.mark.parametrize(
    "body, status",
    [
        (b"no json", 400),
        ([], 400),
        ({}, 400),
        ({"input": []}, 400),
        ({"input": [1, 2]}, 400),
        ({"input": ["x"] * 2049}, 400),
        ({"input": "x", "encoding_format": "hex"}, 400),
        ({"input": "x", "dimensions": 64}, 400),
        ({"input": "x", "model": "another"}, 404),
    ],
)
async def test_what_it_cannot_do_is_refused_with_a_reason(model, body, status):
    answered, error = await ask(model, body)

    assert answered == status
    assert error["error"]["message"]


async def test_other_addresses(model):
    assert (await ask(model, b"", path="/healthz", method="GET"))[1]["dimensions"] == DIMENSIONS
    models = (await ask(model, b"", path="/v1/models", method="GET"))[1]
    assert [row["id"] for row in models["data"]] == [MODEL_ID]
    assert (await ask(model, b"", path="/v1/other"))[0] == 404
