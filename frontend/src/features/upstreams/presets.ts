import { t } from "@lingui/core/macro";
import type { UpstreamUse } from "@/client/contract";

export const USES: Record<UpstreamUse, { name: string; note: string }> = {
  serve: { name: t`Serve`, note: t`answers the agents` },
  judge: { name: t`Judge`, note: t`scores turns` },
  evolve: { name: t`Evolve`, note: t`drafts skills` },
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
