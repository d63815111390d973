import { expect, test } from "vitest";
import { messageBlocks, plainText } from "./messages";

test("an OpenAI tool call shows its arguments as readable JSON", () => {
  const message = {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "c1", function: { name: "lookup", arguments: '{"id":7}' } }],
  };

  expect(messageBlocks(message)).toEqual([
    { kind: "tool_call", name: "lookup", id: "c1", args: '{\n  "id": 7\n}' },
  ]);
});

test("arguments cut off in the middle are shown as they came", () => {
  const message = {
    role: "assistant",
    content: "",
    tool_calls: [{ id: "c1", function: { name: "lookup", arguments: '{"id":' } }],
  };

  expect(messageBlocks(message)).toMatchObject([{ kind: "tool_call", args: '{"id":' }]);
});

test("Anthropic blocks keep their order", () => {
  const message = {
    role: "assistant",
    content: [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "Let me look." },
      { type: "tool_use", id: "t1", name: "lookup", input: { id: 7 } },
    ],
  };

  expect(messageBlocks(message).map(({ kind }) => kind)).toEqual(["thinking", "text", "tool_call"]);
});

test("tool results of both dialects", () => {
  const openai = { role: "tool", tool_call_id: "c1", content: "42" };
  const anthropic = {
    role: "user",
    content: [
      {
        type: "tool_result",
        tool_use_id: "t1",
        is_error: true,
        content: [{ type: "text", text: "no such id" }],
      },
    ],
  };

  expect(messageBlocks(openai)).toEqual([
    { kind: "tool_result", id: "c1", text: "42", isError: false },
  ]);
  expect(messageBlocks(anthropic)).toEqual([
    { kind: "tool_result", id: "t1", text: "no such id", isError: true },
  ]);
});

test("an image is named, not fetched; an unknown part stays readable", () => {
  const message = {
    role: "user",
    content: [
      { type: "image_url", image_url: { url: "https://example.com/x.png" } },
      { type: "new" },
    ],
  };

  expect(messageBlocks(message)).toEqual([
    { kind: "attachment", label: "image" },
    { kind: "other", json: '{\n  "type": "new"\n}' },
  ]);
});

test("plainText reads strings, parts and nothing", () => {
  expect(plainText("a")).toBe("a");
  expect(
    plainText([
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ]),
  ).toBe("a\nb");
  expect(plainText(null)).toBe("");
});
