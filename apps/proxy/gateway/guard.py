"""Who calls, as far as the request line and headers say: looked at before any body."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.snapshots import wrong_key
from apps.tenants.types import KeyGrant

Headers = dict[bytes, bytes]

_KEY_LENGTH = 200
_PATH_KEY = "/k/"
OWN_KEY_HEADER = b"x-metaclaw-key"


@dataclass(slots=True)
class Credentials:
    """The caller's key, where it stood, and what else identifies the caller to a provider."""

    key: str
    is_in_path: bool = False
    # Headers with a provider's own credentials, beside a key of ours.
    own: tuple[tuple[str, str], ...] = ()

    def check(self, grant: KeyGrant) -> None:
        """Raises Refusal 401 for a key in a place where it is not allowed."""
        if self.is_in_path and not grant.path_allowed:
            raise Refusal(
                401,
                "key_in_path",
                "This key may not be part of an address. Send it as a header, or allow that"
                " for the key in the console under Keys.",
            )

    def passed_on(self, grant: KeyGrant) -> list[tuple[str, str]] | None:
        """What the provider gets instead of the key it was set up with; None: that key."""
        if self.own and grant.passes_credentials:
            return list(self.own)
        return None


def joined(pairs: Iterable[tuple[bytes, bytes]]) -> Headers:
    """A header that is sent several times means the same as one with commas.
    https://www.rfc-editor.org/rfc/rfc9110#section-5.3"""
    headers: Headers = {}
    for name, value in pairs:
        headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def split_path(path: str) -> tuple[str, str]:
    """The path without the key that may stand at its beginning, and that key."""
    if not path.startswith(_PATH_KEY):
        return path, ""
    key, _, rest = path[len(_PATH_KEY) :].partition("/")
    return f"/{rest}", key


def credentials_of(headers: Headers, path_key: str) -> Credentials:
    """Where the caller's key is: in our own header, in the usual ones, or in the path.

    Raises Refusal 401 for none, two that differ, or what cannot be one.
    """
    if path_key:
        return Credentials(_plausible(path_key.encode()), is_in_path=True)
    bearer, plain = _usual_keys(headers)
    ours = headers.get(OWN_KEY_HEADER, b"").strip()
    if ours:
        own = [("authorization", headers[b"authorization"].decode("latin-1"))] if bearer else []
        own += [("x-api-key", plain.decode("latin-1"))] if plain else []
        return Credentials(_plausible(ours), own=tuple(own))
    if bearer and plain and bearer != plain:
        raise Refusal(401, "two_keys", "Authorization and x-api-key hold different keys: send one.")
    return Credentials(_plausible(bearer or plain))


def may_hold_much(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a body of any size may follow.

    One within the limit is taken in and dropped, because a caller whose connection breaks
    while it still sends may never see the answer. Who asked whether to send (Expect) may not,
    once it is refused: then its next request would be taken for the body.
    """
    declared = headers.get(b"content-length", b"0")
    within = declared.isdigit() and int(declared) <= settings.METACLAW_MAX_BODY_BYTES
    return b"transfer-encoding" in headers or b"expect" in headers or not within


def _usual_keys(headers: Headers) -> tuple[bytes, bytes]:
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    bearer = token.strip() if scheme.lower() == b"bearer" else b""
    return bearer, headers.get(b"x-api-key", b"").strip()


def _plausible(key: bytes) -> str:
    if not key:
        raise Refusal(
            401,
            "missing_api_key",
            "Send your MetaClaw API key as 'Authorization: Bearer …' or as 'x-api-key'.",
        )
    if len(key) > _KEY_LENGTH:
        raise wrong_key()
    return key.decode("latin-1")
