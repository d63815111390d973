"""The protocol without the SDK: for what a well-behaved client never does."""

import time
from typing import Any

import httpx2
from tinker.proto import tinker_public_pb2 as pb

from apps.trainer import DEMO_MODEL

PROTO = {"Content-Type": "application/x-protobuf"}


class Wire:
    def __init__(self, url: str, key: str) -> None:
        self._http = httpx2.Client(base_url=f"{url}/api/v1", headers={"X-API-Key": key}, timeout=60)
        self.session = self.ok("create_session", tags=[], user_metadata=None)["session_id"]
        self.runs = 0

    def close(self) -> None:
        self._http.close()

    def post(self, path: str, /, **body: Any) -> httpx2.Response:
        return self._http.post(path, json=body)

    def get(self, path: str) -> httpx2.Response:
        return self._http.get(path)

    def raw(self, path: str, content: bytes, **headers: str) -> httpx2.Response:
        return self._http.post(path, content=content, headers=headers)

    def ok(self, path: str, /, **body: Any) -> dict[str, Any]:
        response = self.post(path, **body)
        assert response.status_code == 200, (path, response.status_code, response.text)
        return response.json()

    def result(self, promise: dict[str, Any]) -> httpx2.Response:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            response = self.post("retrieve_future", request_id=promise["request_id"])
            if response.status_code != 408:
                return response
        raise AssertionError("The request was not done within a minute.")

    def model(self, *, seed: int = 1, rank: int = 4) -> str:
        promise = self.ok(
            "create_model",
            session_id=self.session,
            model_seq_id=self.runs,
            base_model=DEMO_MODEL,
            lora_config={"rank": rank, "seed": seed},
        )
        self.runs += 1
        return self.result(promise).json()["model_id"]

    def send_pass(self, model_id: str, seq: int, **values: Any) -> httpx2.Response:
        return self.raw("forward_backward", pass_body(model_id, seq, **values), **PROTO)

    def step(self, model_id: str, seq: int, rate: float = 1e-2) -> dict[str, Any]:
        return self.ok(
            "optim_step", model_id=model_id, seq_id=seq, adam_params={"learning_rate": rate}
        )

    def saved(self, model_id: str, seq: int, name: str) -> str:
        promise = self.ok("save_weights", model_id=model_id, seq_id=seq, path=name)
        return self.result(promise).json()["path"]


def pass_body(
    model_id: str,
    seq: int,
    *,
    tokens: bytes = b"the same words again",
    loss: str = "cross_entropy",
    config: dict[str, float] | None = None,
    **arrays: list[float],
) -> bytes:
    import numpy as np

    message = pb.ForwardBackwardRequest(model_id=model_id, seq_id=seq, loss_fn=loss)
    for name, value in (config or {}).items():
        message.loss_fn_config_v2[name].number = value
    datum = message.data.add()
    ids = np.frombuffer(tokens, dtype=np.uint8).astype("<i4")
    datum.model_input.add().encoded_text.tokens = ids[:-1].tobytes()
    inputs = {"target_tokens": ids[1:].astype("<i8"), "weights": [1.0] * (len(ids) - 1), **arrays}
    for name, values in inputs.items():
        if values is None:
            continue
        array = np.asarray(values, dtype="<i8" if name == "target_tokens" else "<f4")
        tensor = datum.loss_fn_inputs[name]
        tensor.dense = array.tobytes()
        tensor.dtype = pb.DTYPE_INT64 if name == "target_tokens" else pb.DTYPE_FLOAT32
        tensor.shape.extend(array.shape)
    return message.SerializeToString()
