/** Reads messages of both dialects into blocks that a page can draw. Unknown parts stay readable. */
import type { Message } from "@/client/contract";

export type Block =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "tool_call"; name: string; id: string; args: string }
  | { kind: "tool_result"; id: string; text: string; isError: boolean }
  | { kind: "attachment"; label: string }
  | { kind: "other"; json: string };

type Part = Record<string, unknown>;

export function messageBlocks(message: Message): Block[] {
  const blocks = message.role === "tool" ? [toolMessage(message)] : contentBlocks(message.content);
  const reasoning = message.reasoning_content;
  if (typeof reasoning === "string" && reasoning) {
    blocks.unshift({ kind: "thinking", text: reasoning });
  }
  if (Array.isArray(message.tool_calls)) blocks.push(...message.tool_calls.map(openaiCall));
  if (typeof message.refusal === "string") blocks.push({ kind: "text", text: message.refusal });
  return blocks;
}

function contentBlocks(content: unknown): Block[] {
  if (content === null || content === undefined || content === "") return [];
  if (typeof content === "string") return [{ kind: "text", text: content }];
  if (Array.isArray(content)) return content.map(partBlock);
  return [{ kind: "other", json: pretty(content) }];
}

function partBlock(part: unknown): Block {
  if (typeof part === "string") return { kind: "text", text: part };
  if (typeof part !== "object" || part === null) return { kind: "other", json: pretty(part) };
  const { type, ...fields } = part as Part;
  switch (type) {
    case "text":
    case "input_text":
    case "output_text":
      return { kind: "text", text: text(fields.text) };
    case "thinking":
      return { kind: "thinking", text: text(fields.thinking) };
    case "tool_use":
      return {
        kind: "tool_call",
        name: text(fields.name),
        id: text(fields.id),
        args: pretty(fields.input),
      };
    case "tool_result":
      return {
        kind: "tool_result",
        id: text(fields.tool_use_id),
        text: plainText(fields.content),
        isError: fields.is_error === true,
      };
    case "image":
    case "image_url":
    case "document":
    case "file":
    case "input_audio":
      return { kind: "attachment", label: type.replace("_url", "").replace("input_", "") };
    default:
      return { kind: "other", json: pretty(part) };
  }
}

function toolMessage(message: Message): Block {
  return {
    kind: "tool_result",
    id: text(message.tool_call_id),
    text: plainText(message.content),
    isError: false,
  };
}

function openaiCall(call: Part): Block {
  const target = (call.function ?? {}) as Part;
  return {
    kind: "tool_call",
    name: text(target.name),
    id: text(call.id),
    args: prettyJson(text(target.arguments)),
  };
}

/** The words of a content, whatever its form. */
export function plainText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content == null ? "" : pretty(content);
  return content
    .map((part: unknown) =>
      typeof part === "object" && part !== null && "text" in part ? text(part.text) : pretty(part),
    )
    .join("\n");
}

/** Arguments come as a JSON string; a cut stream may have left it unfinished. */
function prettyJson(source: string): string {
  try {
    return pretty(JSON.parse(source));
  } catch {
    return source;
  }
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
