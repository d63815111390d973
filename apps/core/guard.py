"""Which addresses a URL given by a tenant may lead to.

The check is made on the address that is connected to, at the moment of connecting: a name
that was harmless when it was saved may resolve to something else later. Redirects are not
followed anywhere. Link-local addresses (cloud metadata services live there) are refused even
where an operator allows private ones.
"""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from django.conf import settings

from apps.core.said import say


class AddressRefused(Exception):
    """The address is not one that a tenant's URL may lead to."""


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Metadata services of clouds that do not use a link-local address.
_METADATA = frozenset(
    {ipaddress.ip_address("fd00:ec2::254"), ipaddress.ip_address("100.100.100.200")}
)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?", re.IGNORECASE)
# Resolvers take such names for addresses: 2130706433, 127.1, 0x7f000001, 127.0.0.1.
_NUMBER_AT_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")


def check_address(address: str) -> None:
    """Raise AddressRefused unless ``address`` (an IP literal) may be connected to."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    is_nowhere = ip.is_multicast or ip.is_unspecified or (ip.is_reserved and not ip.is_loopback)
    if is_nowhere or ip.is_link_local or ip in _METADATA:
        english = "{address} is not an address that may be called."
        raise AddressRefused(say("address_nowhere", english, address=address))
    if not ip.is_global and not settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS:
        english = (
            "{address} is a private address. An operator can allow these with"
            " METACLAW_ALLOW_PRIVATE_UPSTREAMS=1."
        )
        raise AddressRefused(say("address_private", english, address=address))


def check_url(url: str) -> None:
    """Raise AddressRefused for a URL that could never be called: form, scheme, literal address.

    Names are looked up when connecting, not here.
    """
    if _UNPRINTABLE.search(url):
        # urlsplit drops some of these silently, other readers do not.
        english = "A URL has no blanks, control characters or backslashes."
        raise AddressRefused(say("url_blanks", english))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as exc:
        raise AddressRefused(say("url_broken", "This is not a URL: {why}.", why=str(exc))) from exc
    if parts.scheme not in ("http", "https") or not host or port == 0:
        english = "A URL starts with https:// (or http://) and names a host."
        raise AddressRefused(say("url_start", english))
    if parts.username or parts.password:
        english = "Put the key into the key field, not into the URL."
        raise AddressRefused(say("url_key", english))
    if parts.scheme == "http" and not settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS:
        raise AddressRefused(say("url_not_https", "Only https:// URLs are allowed here."))
    try:
        check_address(host)
    except ValueError:
        _check_name(host)


def _check_name(host: str) -> None:
    try:
        name = host.encode("idna").decode()  # full-width digits and dots become plain ones
    except UnicodeError as exc:
        raise AddressRefused(say("host_name", "{host} is not a host name.", host=host)) from exc
    if not _NAME.fullmatch(name) or _NUMBER_AT_END.fullmatch(name):
        english = "{host} is neither a host name nor a plain address."
        raise AddressRefused(say("host_neither", english, host=host))


def resolve(host: str, port: int) -> str:
    """The address to connect to for ``host``. Raises AddressRefused, or OSError if unknown.

    Every address the name has must be allowed: one bad answer among good ones is an attack.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        check_address(address)
    return addresses[0]


def origin_of(url: str) -> str:
    """Scheme, host and port: what a stored secret is bound to."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"
