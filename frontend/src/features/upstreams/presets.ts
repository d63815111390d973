import type { UpstreamUse } from "@/client/contract";

export const USES: Record<UpstreamUse, { name: string; note: string }> = {
  serve: { name: "Serve", note: "answers the agents" },
  judge: { name: "Judge", note: "scores turns" },
  evolve: { name: "Evolve", note: "drafts skills" },
};

/** What a preset is called where there is little room: "Kimi (Moonshot)" is "Kimi". */
export function shortTitle(title: string): string {
  return title.split(/[,(]/)[0]?.trim() ?? title;
}

/** A stored key is bound to the scheme, host and port it was entered for. */
export function isSameOrigin(before: string, after: string): boolean {
  try {
    return new URL(before).origin === new URL(after).origin;
  } catch {
    return before.trim() === after.trim();
  }
}
