import { t } from "@lingui/core/macro";
import { words } from "@/lib/format";

const TRIED: Record<string, string> = {
  upstream_unreachable: t`could not be reached`,
  upstream_timeout: t`did not answer in time`,
  upstream_failed: t`broke off`,
  upstream_refused: t`its address may not be called`,
  upstream_auth_failed: t`refused the key`,
  dialect_mismatch: t`has no such API`,
  cannot_be_carried: t`cannot be asked this`,
};

/** What came of asking an upstream that another one stood in for: a code of ours, or its status. */
export function triedText(outcome: string): string {
  if (/^\d+$/.test(outcome)) return t`answered with status ${outcome}`;
  return TRIED[outcome] ?? words(outcome);
}
