"""A provider of OpenID Connect: real HTTP, real signatures, and lies on request."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "metaclaw", "a secret: with a colon"


class Company:
    """What the provider says; tests change it before somebody signs in."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.person: dict[str, Any] = {
            "sub": "7",
            "email": "Mira@Example.com",
            "email_verified": True,
        }
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.discovery: dict[str, Any] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key: Any = self.key
        self.algorithm = "RS256"
        self.gives_id_token = True
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def answer(self, path: str, query: dict[str, str], form: dict[str, str]) -> tuple[int, Any]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self._discovery()
        if path == "/jwks":
            public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            return 200, {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/authorize":
            return self._authorize(query)
        if path == "/token":
            return self._token(form)
        return 200, self.userinfo or self.person

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.discovery

    def _authorize(self, query: dict[str, str]) -> tuple[int, Any]:
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return 302, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or (form["client_id"], form["client_secret"]) != (CLIENT_ID, CLIENT_SECRET)
        ):
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": "at", "token_type": "Bearer", "expires_in": 60}
        return 200, answer | ({"id_token": self._id_token()} if self.gives_id_token else {})

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
        return jwt.encode(
            {**claims, **self.person, **self.claims},
            self.signing_key,
            algorithm=self.algorithm,
            headers={"kid": "one"},
        )


@contextmanager
def running_company() -> Iterator[Company]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._go({})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["content-length"])).decode()
            self._go(_flat(text))

        def _go(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            status, body = company.answer(parts.path, _flat(parts.query), form)
            self.send_response(status)
            if status == 302:
                self.send_header("location", body)
                body = ""
            data = json.dumps(body).encode()
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    company = Company(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield company
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _flat(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}
