import { t } from "@lingui/core/macro";
import type { EvolutionRun, FailureCluster } from "@/client/contract";
import type { Tone } from "@/components/tag";
import { words } from "@/lib/format";

type Shown = { name: string; tone: Tone };

/** What became of a run. */
export const RUN_OUTCOME: Record<EvolutionRun["outcome"], Shown> = {
  proposed: { name: t`proposed`, tone: "ok" },
  extended: { name: t`extended`, tone: "info" },
  nothing: { name: t`nothing to learn`, tone: "quiet" },
  invalid: { name: t`invalid answer`, tone: "warn" },
  dead: { name: t`given up`, tone: "bad" },
};

/** Where a pattern of failures stands. */
export const CLUSTER_STATE: Record<FailureCluster["state"], Shown> = {
  waiting: { name: t`waiting`, tone: "quiet" },
  proposing: { name: t`proposing`, tone: "info" },
  proposed: { name: t`proposed`, tone: "ok" },
  dead: { name: t`given up`, tone: "bad" },
};

const TRIGGERS: Record<string, string> = {
  failure: t`failing turn`,
  session_end: t`session end`,
  turns: t`number of turns`,
  success: t`success rate`,
  next_day: t`yesterday's limit`,
  manual: t`by hand`,
};

/** What it led to, or who was asked. */
export const runName = ({ slug, author_model }: EvolutionRun) => slug ?? author_model;

/** What the latest of its turns shows, in words; without turns its proposal's name. */
export function shownBy({ samples, slug }: FailureCluster): string {
  const latest = samples.at(-1);
  return latest?.rationale || latest?.follow_up || latest?.user_text || slug || t`no turn any more`;
}

/** Who or what asked for a run. */
export const triggerName = (trigger: string) => TRIGGERS[trigger] ?? words(trigger);
