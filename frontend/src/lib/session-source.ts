import { t } from "@lingui/core/macro";
import { words } from "./format";

const SOURCES: Record<string, string> = {
  header: t`named by the client`,
  body: t`named by the client`,
  client: t`named by the client`,
  conversation: t`known by its history`,
  new: t`new`,
  "claude-code": t`named by Claude Code`,
  codex: t`named by Codex`,
  openclaw: t`named by OpenClaw`,
};

/** How the gateway knew which session a request belongs to, in words. */
export const knownBy = (source: string): string => SOURCES[source] ?? words(source);
