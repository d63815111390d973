import { Trans } from "@lingui/react/macro";
import type { EvolutionRun } from "@/client/contract";
import { Tag } from "@/components/tag";
import { formatMoney } from "@/lib/money";
import { RUN_OUTCOME } from "../learning-words";

export function RunOutcome({ outcome }: { outcome: EvolutionRun["outcome"] }) {
  const { tone, name } = RUN_OUTCOME[outcome];
  return <Tag tone={tone}>{name}</Tag>;
}

export function RunCost({ micros }: { micros: number | null }) {
  if (micros !== null) return formatMoney(micros);
  return (
    <span className="text-mute">
      <Trans>no price</Trans>
    </span>
  );
}
