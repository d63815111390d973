import { t } from "@lingui/core/macro";
import { words } from "@/lib/format";

const VERDICTS: Record<string, string> = {
  in: t`goes in`,
  "too weak": t`too weak`,
  "no place left": t`no place left`,
  "no room left": t`no room left`,
  other_agent: t`for other agents`,
  other_tag: t`for turns with other tags`,
  control: t`on trial, and this session does not get it`,
  on_trial: t`this session gets the version on trial`,
};

/** What became of a skill that came into question for a request. */
export const skillVerdict = (verdict: string) => VERDICTS[verdict] ?? words(verdict);
