"""Compressing what is short: against phrases that the bodies of chat APIs are made of.

A new message of a tool loop has some hundred bytes, half of them the names of fields. zlib finds
those in a dictionary that is given to both sides (RFC 1950, 2.2). The dictionary must never
change: what was compressed against it can be read with it only. Streams without one are read
as well.
"""

import zlib

# The most frequent last: near ones take fewer bits. As clients write them, with and without
# spaces, of chat completions, messages and responses.
_PHRASES = b"".join(
    [
        b'{"type":"input_text","text":"","output_text","annotations":[],"logprobs":[]',
        b'{"type":"function_call","name":"","arguments":"{}","call_id":"call_","status":"completed"',
        b'{"type":"function_call_output","call_id":"call_","output":"',
        b'{"type":"reasoning","id":"rs_","summary":[],"encrypted_content":"',
        b'{"type":"image_url","image_url":{"url":"data:image/png;base64,',
        b'"cache_control":{"type":"ephemeral"}}',
        b'{"type":"thinking","thinking":"","signature":"',
        b'{"role": "system", "content": "{"role": "user", "content": "',
        b'{"role": "assistant", "content": null, "tool_calls": [{"id": "call_", "type": "function"',
        b', "function": {"name": "", "arguments": "{\\"command\\": \\"{\\"path\\": \\"',
        b'{"role": "tool", "tool_call_id": "call_", "content": "',
        b'{"role":"system","content":"{"role":"user","content":[{"type":"text","text":"',
        b'{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_","content":"',
        b'"is_error":false}]},{"role":"assistant","content":[{"type":"tool_use","id":"toolu_',
        b'","name":"","input":{"command":"","description":"","file_path":"","old_string":"',
        b'"}]},{"role":"assistant","content":"","tool_calls":[{"id":"call_","type":"function",',
        b'"function":{"name":"","arguments":"{\\"command\\":\\"{\\"path\\":\\"\\"}"}}]},',
        b'{"role":"tool","tool_call_id":"call_","content":"\\n"}',
    ]
)


def packed(content: bytes) -> bytes:
    """Compressed; never raises."""
    stream = zlib.compressobj(9, zdict=_PHRASES)
    return stream.compress(content) + stream.flush()


def unpacked(content: bytes) -> bytes:
    """What was compressed, with these phrases or without any. Raises zlib.error."""
    stream = zlib.decompressobj(zdict=_PHRASES)
    found = stream.decompress(content) + stream.flush()
    if not stream.eof:
        raise zlib.error("the stream is cut")
    return found
