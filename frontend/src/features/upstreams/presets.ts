import type { UpstreamKind, UpstreamUse } from "@/client/contract";

export const KIND_NAMES: Record<UpstreamKind, string> = {
  openai: "OpenAI API",
  anthropic: "Anthropic API",
  practice: "practice model",
};

export const USES: Record<UpstreamUse, { name: string; note: string }> = {
  serve: { name: "Serve", note: "answers the agents" },
  judge: { name: "Judge", note: "scores turns" },
  evolve: { name: "Evolve", note: "drafts skills" },
};

export type Preset = { id: string; name: string; kind: UpstreamKind; base_url: string };

/** The addresses that need no looking up. Anything else speaks one of the two dialects. */
export const PRESETS: Preset[] = [
  { id: "openai", name: "OpenAI", kind: "openai", base_url: "https://api.openai.com/v1" },
  { id: "anthropic", name: "Anthropic", kind: "anthropic", base_url: "https://api.anthropic.com" },
  { id: "compatible", name: "OpenAI-compatible (vLLM, …)", kind: "openai", base_url: "" },
  { id: "ollama", name: "Ollama", kind: "openai", base_url: "http://127.0.0.1:11434/v1" },
];

/** A stored key is bound to the scheme, host and port it was entered for. */
export function isSameOrigin(before: string, after: string): boolean {
  try {
    return new URL(before).origin === new URL(after).origin;
  } catch {
    return before.trim() === after.trim();
  }
}
