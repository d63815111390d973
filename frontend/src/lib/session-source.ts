import { words } from "./format";

const SOURCES: Record<string, string> = {
  header: "named by the client",
  body: "named by the client",
  client: "named by the client",
  conversation: "known by its history",
  new: "new",
  "claude-code": "named by Claude Code",
  codex: "named by Codex",
  openclaw: "named by OpenClaw",
};

/** How the gateway knew which session a request belongs to, in words. */
export const knownBy = (source: string): string => SOURCES[source] ?? words(source);
