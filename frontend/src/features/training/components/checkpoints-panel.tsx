import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { Checkpoint, TrainingPolicy } from "@/client/contract";
import { Button } from "@/components/button";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useCheckpoints } from "../api/checkpoints";
import { CheckpointCard } from "./checkpoint-card";

const SHOWN = 6;
const OF_INTEREST = ["serving", "canary"];

type Props = {
  policy: TrainingPolicy;
  /** The one that the address is of: it is shown open, wherever it stands. */
  named: string | undefined;
};

/** The policy's weights, the youngest first, with what answers now on top. */
export function CheckpointsPanel({ policy, named }: Props) {
  const { slug } = useTenant();
  const checkpoints = useCheckpoints(slug, { policy: policy.id });
  const [isWhole, setIsWhole] = useState(false);
  const rows = inOrder(checkpoints.data ?? []);
  const shown =
    isWhole || rows.findIndex(({ id }) => id === named) >= SHOWN ? rows : rows.slice(0, SHOWN);
  const youngest = checkpoints.data?.[0];
  return (
    <Panel
      title={t`Checkpoints`}
      aside={
        rows.length > SHOWN && (
          <Button variant="ghost" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? t`Latest only` : t`All ${formatCount(rows.length)}`}
          </Button>
        )
      }
    >
      {checkpoints.isPending && <LoadingRows rows={2} label={t`Loading checkpoints`} />}
      {checkpoints.isError && (
        <ErrorState error={checkpoints.error} onRetry={() => void checkpoints.refetch()} />
      )}
      {checkpoints.data?.length === 0 && (
        <EmptyState title={t`No checkpoint yet`}>
          <Trans>A job leaves one at its end. It is tried before it answers anybody.</Trans>
        </EmptyState>
      )}
      <ul className="divide-y divide-line">
        {shown.map((checkpoint) => (
          <CheckpointCard
            // An address that names another one opens it.
            key={`${checkpoint.id} ${checkpoint.id === named}`}
            checkpoint={checkpoint}
            isNamed={checkpoint.id === named}
            isOpenAtFirst={
              checkpoint.id === named ||
              OF_INTEREST.includes(checkpoint.status) ||
              checkpoint.id === youngest?.id
            }
          />
        ))}
      </ul>
      {!policy.route_model && rows.length > 0 && (
        <p className="border-t border-line px-3.5 py-2.5 text-xs text-mute">
          <Trans>
            The policy has no public model name yet: set one in its settings, and a checkpoint can
            serve.
          </Trans>
        </p>
      )}
    </Panel>
  );
}

/** What answers now, then by age. */
function inOrder(rows: Checkpoint[]): Checkpoint[] {
  const answers = ({ status }: Checkpoint) => OF_INTEREST.includes(status);
  return [...rows.filter(answers), ...rows.filter((row) => !answers(row))];
}
