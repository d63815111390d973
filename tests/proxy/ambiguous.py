"""Requests whose ends two readers may see in different places, or that no client should send.

Each is written as it goes over the wire; ``KEY`` stands for a valid one. ``SMUGGLED`` is a
request that works if somebody takes it for one: nobody may. See RFC 9112, sections 2, 3, 5, 6, 11.
"""

from dataclasses import dataclass

KEY = b"mck_live_".ljust(69, b"0")
SMUGGLED = b"GET /v1/models/smuggled HTTP/1.1\r\nhost: g\r\nauthorization: Bearer %s\r\n\r\n" % KEY
# What follows on the same connection: answered only where the request before it has an end.
NEXT = b"GET /healthz HTTP/1.1\r\nhost: g\r\nconnection: close\r\n\r\n"

_LINE = b"POST /v1/chat/completions HTTP/1.1\r\n"
_HOST = b"host: g\r\n"
_KEY = b"authorization: Bearer %s\r\n" % KEY
_JSON = b"content-type: application/json\r\n"
_TEXT = b'{"model":"ok","messages":[{"role":"user","content":"Hello"}]}'


@dataclass(frozen=True)
class Case:
    name: str
    raw: bytes
    # Of what is understood: how it is answered, and whether the connection may go on.
    status: int = 200
    is_last: bool = False
    # Whether the provider is asked.
    asks: bool = True


def _chunk(data: bytes, size: bytes = b"") -> bytes:
    return (size or b"%x" % len(data)) + b"\r\n" + data + b"\r\n"


_CHUNKED = _chunk(_TEXT) + b"0\r\n\r\n"


def _post(*lines: bytes, body: bytes = _TEXT, line: bytes = _LINE, host: bytes = _HOST) -> bytes:
    """A request with these header lines, which bring their line ends along."""
    return line + host + _KEY + _JSON + b"".join(lines) + b"\r\n" + body


def _length(body: bytes = _TEXT) -> bytes:
    return b"content-length: %d\r\n" % len(body)


def _te(value: bytes) -> bytes:
    return b"transfer-encoding: " + value + b"\r\n"


# Two ways to say where the body ends ---------------------------------------------------------

_FRAMING = [
    Case("length_and_chunked", _post(_length(_CHUNKED), _te(b"chunked"), body=_CHUNKED)),
    Case("chunked_and_length", _post(_te(b"chunked"), _length(_CHUNKED), body=_CHUNKED)),
    Case(
        "length_hides_behind_chunks",
        _post(b"content-length: 4\r\n", _te(b"chunked"), body=b"0\r\n\r\n" + SMUGGLED),
    ),
    Case(
        "chunks_hide_behind_length",
        _post(
            _te(b"chunked"),
            _length(b"0\r\n\r\n" + SMUGGLED),
            body=b"0\r\n\r\n" + SMUGGLED,
        ),
    ),
    Case("length_twice_different", _post(_length(), b"content-length: 0\r\n", body=SMUGGLED)),
    Case("length_twice_same", _post(_length(), _length())),
    Case("length_list", _post(b"content-length: %d, 0\r\n" % len(_TEXT))),
    Case("length_list_same", _post(b"content-length: %d, %d\r\n" % (len(_TEXT), len(_TEXT)))),
    Case("length_plus", _post(b"content-length: +%d\r\n" % len(_TEXT))),
    Case("length_minus", _post(b"content-length: -1\r\n", body=SMUGGLED)),
    Case("length_hex", _post(b"content-length: 0x%x\r\n" % len(_TEXT))),
    Case("length_exponent", _post(b"content-length: 6e1\r\n")),
    Case("length_underscore", _post(b"content-length: 6_1\r\n")),
    Case("length_inner_space", _post(b"content-length: 6 1\r\n")),
    Case("length_empty", _post(b"content-length: \r\n", body=SMUGGLED)),
    Case("length_huge", _post(b"content-length: 18446744073709551617\r\n", body=SMUGGLED)),
    Case("length_other_digits", _post("content-length: ٦١\r\n".encode())),
]

# Encodings that are, almost, chunked ---------------------------------------------------------

_ENCODINGS = [
    Case("te_identity", _post(_te(b"identity"), body=SMUGGLED)),
    Case("te_identity_and_length", _post(_te(b"identity"), _length())),
    Case("te_identity_chunked", _post(_te(b"identity, chunked"), body=_CHUNKED)),
    Case("te_chunked_identity", _post(_te(b"chunked, identity"), body=_CHUNKED)),
    Case("te_gzip_chunked", _post(_te(b"gzip, chunked"), body=_CHUNKED)),
    Case("te_chunked_chunked", _post(_te(b"chunked, chunked"), body=_CHUNKED)),
    Case("te_twice", _post(_te(b"chunked"), _te(b"chunked"), body=_CHUNKED)),
    Case("te_twice_different", _post(_te(b"chunked"), _te(b"identity"), body=_CHUNKED)),
    Case("te_twice_hidden", _post(_te(b"x"), _te(b"chunked"), body=_CHUNKED)),
    Case("te_quoted", _post(_te(b'"chunked"'), body=_CHUNKED)),
    Case("te_comma_before", _post(_te(b",chunked"), body=_CHUNKED)),
    Case("te_comma_behind", _post(_te(b"chunked,"), body=_CHUNKED)),
    Case("te_parameter", _post(_te(b"chunked;q=1"), body=_CHUNKED)),
    Case("te_prefix", _post(_te(b"xchunked"), _length())),
    Case("te_vertical_tab", _post(_te(b"\x0bchunked"), body=_CHUNKED)),
    Case("te_nul", _post(_te(b"chunked\x00"), body=_CHUNKED)),
    Case("te_folded", _post(b"transfer-encoding:\r\n chunked\r\n", body=_CHUNKED)),
    Case("te_folded_length", _post(b"transfer-encoding:\r\n chunked\r\n", _length())),
    Case("te_empty", _post(_te(b""), _length())),
    Case("te_space_before_colon", _post(b"transfer-encoding : chunked\r\n", body=_CHUNKED)),
    Case("te_name_with_tab", _post(b"transfer-encoding\t: chunked\r\n", _length())),
    Case("te_name_with_nul", _post(b"transfer\x00-encoding: chunked\r\n", _length())),
    Case(
        "te_in_http_1_0",
        _post(_te(b"chunked"), body=_CHUNKED, line=b"POST /v1/chat/completions HTTP/1.0\r\n"),
    ),
]

# Lines that end, or begin, where a reader may not expect it -----------------------------------

_LINES = [
    Case("bare_lf", _post(_length()).replace(b"\r\n", b"\n")),
    Case("bare_lf_one_header", _post(b"x-a: b\n", _length())),
    Case("bare_lf_hides_header", _post(b"x-a: b\ntransfer-encoding: chunked\r\n", _length())),
    Case("bare_lf_at_the_end", _post(_length(), b"\n") + SMUGGLED),
    Case("bare_lf_request_line", _post(_length(), line=_LINE.replace(b"\r\n", b"\n"))),
    Case("bare_cr", _post(b"x-a: b\rtransfer-encoding: chunked\r\n", _length())),
    Case("bare_cr_line_end", _post(b"x-a: b\r", _length())),
    Case("bare_cr_request_line", _post(_length(), line=_LINE.replace(b"\r\n", b"\r"))),
    Case("cr_cr_lf", _post(b"x-a: b\r\r\n", _length())),
    Case("obs_fold", _post(b"x-a: b\r\n c\r\n", _length())),
    Case("obs_fold_tab", _post(b"x-a: b\r\n\tcontent-length: 0\r\n", _length())),
    Case("fold_before_headers", _post(_length(), host=b" x: y\r\n" + _HOST)),
    Case("space_before_colon", _post(b"content-length : %d\r\n" % len(_TEXT))),
    Case("space_in_name", _post(b"content length: 0\r\n", body=SMUGGLED)),
    Case("no_colon", _post(b"x-a\r\n", _length())),
    Case("no_name", _post(b": b\r\n", _length())),
    Case("nul_in_value", _post(b"x-a: b\x00c\r\n", _length())),
    Case("control_in_value", _post(b"x-a: b\x01c\r\n", _length())),
    Case("delete_in_value", _post(b"x-a: b\x7fc\r\n", _length())),
    Case("control_in_name", _post(b"x\x01a: b\r\n", _length())),
    Case("eight_bit_name", _post("ü: b\r\n".encode(), _length())),
]

# Chunks --------------------------------------------------------------------------------------

_END = b"0\r\n\r\n"


def _chunks(body: bytes) -> bytes:
    return _post(_te(b"chunked"), body=body)


_CHUNK_SIZES = [
    Case("chunk_plus", _chunks(_chunk(_TEXT, b"+3d") + _END)),
    Case("chunk_minus", _chunks(_chunk(_TEXT, b"-3d") + _END)),
    Case("chunk_0x", _chunks(_chunk(_TEXT, b"0x3d") + _END)),
    Case("chunk_underscore", _chunks(_chunk(_TEXT, b"3_d") + _END)),
    Case("chunk_empty_size", _chunks(_chunk(_TEXT, b" ") + _END)),
    Case("chunk_space_before", _chunks(_chunk(_TEXT, b" 3d") + _END)),
    Case("chunk_space_behind", _chunks(_chunk(_TEXT, b"3d ") + _END)),
    Case("chunk_overflow", _chunks(_chunk(_TEXT, b"1000000000000003d") + _END)),
    Case("chunk_size_lf", _chunks(b"3d\n" + _TEXT + b"\r\n" + _END)),
    Case("chunk_extension_lf", _chunks(b"3d;a\n" + _TEXT + b"\r\n" + _END)),
    Case("chunk_extension_cr", _chunks(b"3d;a\rb\r\n" + _TEXT + b"\r\n" + _END)),
    Case("chunk_extension_nul", _chunks(b"3d;a=\x00\r\n" + _TEXT + b"\r\n" + _END)),
    Case("chunk_without_crlf", _chunks(b"3d\r\n" + _TEXT + _END)),
    Case("chunk_ends_in_lf", _chunks(b"3d\r\n" + _TEXT + b"\n" + _END)),
    Case("chunk_other_two_bytes", _chunks(b"3d\r\n" + _TEXT + b"XX" + _END)),
    Case("chunk_too_short", _chunks(_chunk(_TEXT, b"3c") + _END)),
    Case("chunk_end_without_crlf", _chunks(_chunk(_TEXT) + b"0\r\n")),
    Case("chunk_end_in_lf", _chunks(_chunk(_TEXT) + b"0\n\n") + SMUGGLED),
    Case("trailer_is_a_request", _chunks(_chunk(_TEXT) + b"0\r\n" + SMUGGLED)),
    Case("trailer_length", _chunks(_chunk(_TEXT) + b"0\r\ncontent-length: 9\r\n\r\n")),
]

# Request lines, hosts and heads --------------------------------------------------------------

_TARGET = b"/v1/chat/completions"


def _line(line: bytes) -> bytes:
    return _post(_length(), line=line + b"\r\n")


_HEADS = [
    Case("http_0_9", b"GET /v1/models/smuggled\r\n\r\n"),
    Case("http_1_2", _line(b"POST " + _TARGET + b" HTTP/1.2")),
    Case("http_2_0", _line(b"POST " + _TARGET + b" HTTP/2.0")),
    Case("http_2_preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Case("http_lower_case", _line(b"POST " + _TARGET + b" http/1.1")),
    Case("http_long_version", _line(b"POST " + _TARGET + b" HTTP/1.10")),
    Case("tabs", _line(b"POST\t" + _TARGET + b"\tHTTP/1.1")),
    Case("space_in_target", _line(b"POST " + _TARGET + b" /v1/models/smuggled HTTP/1.1")),
    Case("junk_behind_version", _line(b"POST " + _TARGET + b" HTTP/1.1 x")),
    Case("junk_before", b"junk\r\n" + _post(_length())),
    Case("control_in_target", _line(b"POST " + _TARGET + b"\x01 HTTP/1.1")),
    Case("eight_bit_target", _line("POST /v1/models/ü HTTP/1.1".encode())),
    Case("unknown_method", _line(b"BREW " + _TARGET + b" HTTP/1.1")),
    Case("lower_case_method", _line(b"post " + _TARGET + b" HTTP/1.1")),
    Case("authority_form", _line(b"CONNECT other:443 HTTP/1.1") + SMUGGLED),
    Case("no_slash", _line(b"POST v1/chat/completions HTTP/1.1")),
    Case("fragment", _line(b"POST " + _TARGET + b"#x HTTP/1.1")),
    Case("two_hosts", _post(_length(), host=_HOST + b"host: other\r\n")),
    Case("two_hosts_same", _post(_length(), host=_HOST + _HOST)),
    Case("no_host", _post(_length(), host=b"")),
    Case("host_with_space", _post(_length(), host=b"host: g other\r\n")),
    Case("host_with_path", _post(_length(), host=b"host: g/other\r\n")),
    Case("host_with_person", _post(_length(), host=b"host: a@g\r\n")),
    Case("host_list", _post(_length(), host=b"host: g, other\r\n")),
]  # fmt: skip

# What stands behind a refusal ----------------------------------------------------------------

_EXPECT = b"expect: 100-continue\r\n"
_WRONG = b"authorization: Bearer mc_wrong\r\n"


def _unknown(*lines: bytes, body: bytes) -> bytes:
    return _LINE + _HOST + _WRONG + _JSON + b"".join(lines) + b"\r\n" + body


_BEHIND = [
    Case("behind_what_is_malformed", _post(b"content-length: x\r\n", body=b"") + SMUGGLED),
    Case("behind_a_wrong_key", _unknown(_te(b"chunked"), body=_chunk(SMUGGLED) + _END + SMUGGLED)),
    Case("behind_an_unanswered_question", _unknown(_EXPECT, _length(), body=b"") + SMUGGLED),
]


def _upgrade(to: bytes) -> bytes:
    return b"connection: upgrade\r\nupgrade: " + to + b"\r\n"


_UPGRADES = [
    Case("upgrade_h2c", _post(_upgrade(b"h2c"), _length(SMUGGLED), body=SMUGGLED)),
    Case("upgrade_websocket", _post(_upgrade(b"websocket"), _length(SMUGGLED), body=SMUGGLED)),
    Case("upgrade_chunked", _post(_upgrade(b"h2c"), _te(b"chunked"), body=_CHUNKED)),
    Case("upgrade_unknown", _post(_upgrade(b"x"), _length(), body=_TEXT)),
]

# What has no end -----------------------------------------------------------------------------

_MUCH = 1_000_000

_ENDLESS = [
    Case("large_header", _post(b"x-a: " + b"a" * _MUCH + b"\r\n", _length())),
    Case("large_header_in_one_packet", _post(b"x-a: " + b"a" * 70_000 + b"\r\n", _length())),
    Case("large_name", _post(b"x" * _MUCH + b": a\r\n", _length())),
    Case("large_target", _line(b"POST " + _TARGET + b"?" + b"a" * _MUCH + b" HTTP/1.1")),
    Case("large_method", _line(b"X" * _MUCH + b" / HTTP/1.1")),
    Case("many_headers", _post(b"x: y\r\n" * 2_000, _length())),
    Case("headers_without_end", _LINE + _HOST + b"x: y\r\n" * (_MUCH // 6)),
    Case("empty_lines", b"\r\n" * (_MUCH // 2)),
    Case("trailers", _chunks(_chunk(_TEXT) + b"0\r\n" + b"x: y\r\n" * _MUCH)),
    Case("chunk_extension", _chunks(b"3d;" + b"a" * _MUCH * 4 + b"\r\n" + _TEXT)),
]

REFUSED = [*_FRAMING, *_ENCODINGS, *_LINES, *_CHUNK_SIZES, *_HEADS, *_BEHIND, *_UPGRADES, *_ENDLESS]

_HEALTH = b"GET /healthz HTTP/1.1\r\n" + _HOST

# Odd, and clear: read in one way, as one request ----------------------------------------------

UNDERSTOOD = [
    Case("plain", _post(_length())),
    Case("chunked", _post(_te(b"chunked"), body=_CHUNKED)),
    Case("chunked_upper_case", _post(_te(b"CHUNKED"), body=_CHUNKED)),
    Case("te_space", _post(b"transfer-encoding:   chunked  \r\n", body=_CHUNKED)),
    Case("te_no_space", _post(b"Transfer-Encoding:chunked\r\n", body=_CHUNKED)),
    Case("length_zeros", _post(b"content-length: 000%d\r\n" % len(_TEXT))),
    Case("chunk_leading_zeros", _chunks(_chunk(_TEXT, b"00003d") + b"000\r\n\r\n")),
    Case("chunk_upper_case", _chunks(_chunk(_TEXT, b"3D") + _END)),
    Case("chunk_extension", _chunks(b'3d;a="b";c\r\n' + _TEXT + b"\r\n" + _END)),
    Case("chunks_of_one_byte", _chunks(b"".join(_chunk(bytes([one])) for one in _TEXT) + _END)),
    Case("trailer", _chunks(_chunk(_TEXT) + b"0\r\nx-session-id: from-a-trailer\r\n\r\n")),
    Case("empty_line_before", b"\r\n" + _post(_length())),
    Case("query", _line(b"POST " + _TARGET + b"?a=b HTTP/1.1")),
    Case("eight_bit_value", _post("x-a: ü\r\n".encode(), _length())),
    Case("tab_in_value", _post(b"x-a: b\tc\r\n", _length())),
    Case("tab_before_encoding", _post(b"transfer-encoding:\tchunked\r\n", body=_CHUNKED)),
    Case("other_names", _post(b"x-content-length: 0\r\ncontent_length: 0\r\n", _length())),
    Case("expect", _post(_EXPECT, _length())),
    Case("expect_junk", _post(b"expect: 200-maybe\r\n", _length())),
    Case("two_spaces", _line(b"POST  " + _TARGET + b"  HTTP/1.1")),
    Case("absolute_form", _line(b"POST http://other" + _TARGET + b" HTTP/1.1")),
    Case("asterisk_form", _line(b"OPTIONS * HTTP/1.1"), status=404, asks=False),
    Case("network_path", _line(b"POST //other" + _TARGET + b" HTTP/1.1"), status=404, asks=False),
    Case("wrong_key", _unknown(_length(SMUGGLED), body=SMUGGLED), status=401, asks=False),
    Case(
        "wrong_key_in_chunks",
        _unknown(_te(b"chunked"), body=_CHUNKED),
        status=401,
        is_last=True,
        asks=False,
    ),
    Case("http_1_0", _line(b"POST " + _TARGET + b" HTTP/1.0"), is_last=True),
    # The parser knows other protocols of this form; they are read as what they look like.
    Case("not_http", _line(b"POST " + _TARGET + b" RTSP/1.0"), is_last=True),
    Case("closing", _post(b"connection: close\r\n", _length()) + SMUGGLED, is_last=True),
    Case("upgrade", _HEALTH + _upgrade(b"h2c") + b"\r\n" + SMUGGLED, is_last=True, asks=False),
    Case("junk_behind", _post(_length()) + b"junk" + SMUGGLED, is_last=True),
]  # fmt: skip


def with_key(raw: bytes, key: str) -> bytes:
    assert len(key) == len(KEY)  # else the lengths in the requests are wrong
    return raw.replace(KEY, key.encode())
