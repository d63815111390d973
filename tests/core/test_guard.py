"""Where a tenant's URL may lead: every spelling of an address that is none of its business."""

import socket

import httpx2
import pytest

from apps.core import guard
from apps.core.guard import AddressRefused
from apps.integrations.guarded_http import guarded_client

# Refused whatever an operator allows: cloud metadata lives there, or nothing lives there.
NEVER = [
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/",
    "https://169.254.0.1/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[64:ff9b::169.254.169.254]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[2002:a9fe:a9fe::]/",
    "https://[fd00:ec2::254]/",
    "https://100.100.100.200/latest/meta-data/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0xa9.0xfe.0xa9.0xfe/",
    "https://0251.0376.0251.0376/",
    "https://0251.254.169.254/",
    "https://169.254.43518/",
    "https://169.16689662/",
    "https://0.0.0.0/",
    "https://0/",
    "https://[::]/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://[ff02::1]/",
    "https://255.255.255.255/",
    "https://240.0.0.1/",
    "https://[::ffff:0.0.0.0]/",
    "https://169。254。169。254/",
    "https://①⑥⑨.254.169.254/",
]
# Refused unless an operator allows private addresses.
PRIVATE = [
    "https://127.0.0.1/",
    "https://127.0.0.1:8000/v1",
    "https://127.255.255.254/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://192.168.1.1:11434/v1",
    "https://0xc0a80001/",
    "https://3232235521/",
    "https://100.64.0.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://[fc00::1]/",
    "https://[fd12:3456:789a::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[2002:a00:1::]/",
    "https://[2001:db8::1]/",
    "https://１２７.0.0.1/",
]
# Refused for what they are.
MALFORMED = [
    "",
    "models.example.com",
    "//models.example.com/v1",
    "https://",
    "https:///v1",
    "https://:443/",
    "https://models.example.com:0/",
    "https://models.example.com:99999/",
    "https://models.example.com:port/",
    "https://[::1/",
    "https://[not-an-address]/",
    "file:///etc/passwd",
    "ftp://models.example.com/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "unix:///var/run/docker.sock",
    "ws://models.example.com/",
    "https+unix://%2Fvar%2Frun/",
    "https://key@models.example.com/",
    "https://user:secret@models.example.com/",
    "https://models.example.com@127.0.0.1/",
    "https://models.example.com\\@127.0.0.1/",
    "https://models.example.com /v1",
    "https://mod els.example.com/v1",
    "https://models.example.com\t/v1",
    "https://models.example.com\n.evil.test/v1",
    "https://models.example.com\r\nHost: evil.test/",
    "https://models%2eexample.com/",
    "https://<script>/",
]
GOOD = [
    "https://8.8.8.8/v1",
    "https://[2606:4700:4700::1111]/v1",
    "https://[64:ff9b::8.8.8.8]/",
    "https://models.example.com",
    "https://models.example.com:8443/v1",
    "https://MODELS.example.com/a/b?c=d#e",
    "https://bücher.example/v1",
]


def call(url: str) -> None:
    """What a caller does: check the text, look the name up, connect to what came back."""
    guard.check_url(url)
    parts = httpx2.URL(url)
    guard.resolve(parts.host, parts.port or 443)


@pytest.fixture(params=[False, True], ids=["public only", "private allowed"])
def private_allowed(request, settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = request.param
    return request.param


@pytest.mark.parametrize("url", NEVER + MALFORMED)
def test_some_addresses_are_refused_everywhere(private_allowed, url):
    with pytest.raises(AddressRefused):
        call(url)


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_refused_unless_an_operator_allows_them(settings, url):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False

    with pytest.raises(AddressRefused):
        call(url)


@pytest.mark.parametrize("url", ["https://localhost/", "https://LOCALHOST/", "https://localhost./"])
def test_the_name_of_this_machine_leads_nowhere(settings, url):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False

    with pytest.raises((AddressRefused, OSError)):  # whether "localhost." is known is up to libc
        call(url)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:11434/v1", "https://10.0.0.1/", "http://[::1]/", "http://localhost/v1"],
)
def test_an_operator_can_allow_the_model_server_next_door(settings, url):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = True

    call(url)


@pytest.mark.parametrize("url", GOOD)
def test_ordinary_addresses_pass(private_allowed, url):
    guard.check_url(url)


def test_without_private_addresses_only_https_is_spoken(settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False

    with pytest.raises(AddressRefused, match="https"):
        guard.check_url("http://models.example.com/v1")


def answers(*addresses: str):
    """A name server that gives these answers to any question."""
    families = {True: socket.AF_INET6, False: socket.AF_INET}

    def getaddrinfo(host, port, *args, **kwargs):
        return [
            (families[":" in address], socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    return getaddrinfo


@pytest.mark.parametrize(
    "found",
    [
        ["10.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["8.8.8.8", "2606:4700:4700::1111", "169.254.169.254"],
        ["8.8.8.8", "::ffff:192.168.0.1"],
    ],
)
def test_a_name_with_one_bad_address_among_good_ones_is_refused(settings, monkeypatch, found):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False
    monkeypatch.setattr(socket, "getaddrinfo", answers(*found))

    with pytest.raises(AddressRefused):
        guard.resolve("models.example.com", 443)


def test_a_name_is_looked_up_anew_for_every_connection(settings, monkeypatch):
    """A name that was harmless when it was saved may lead elsewhere when it is used."""
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False
    monkeypatch.setattr(socket, "getaddrinfo", answers("8.8.8.8"))
    guard.check_url("https://rebinding.example.com/v1")
    before = guard.resolve("rebinding.example.com", 443)
    monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1"))

    with (
        guarded_client(2) as client,
        pytest.raises(httpx2.UnsupportedProtocol, match="private address"),
    ):
        client.get("https://rebinding.example.com/v1/models")
    assert before == "8.8.8.8"


@pytest.mark.parametrize(
    "left, right, is_same",
    [
        ("https://a.example/v1", "https://a.example:443/v2?x=1", True),
        ("https://A.example", "https://a.EXAMPLE/", True),
        ("https://a.example", "http://a.example", False),
        ("https://a.example", "https://a.example:8443", False),
        ("https://a.example", "https://b.example", False),
        ("https://a.example", "https://a.example.", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(left, right, is_same):
    assert (guard.origin_of(left) == guard.origin_of(right)) == is_same
