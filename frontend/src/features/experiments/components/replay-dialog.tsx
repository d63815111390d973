import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReplayDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Dialog } from "@/components/dialog";
import { ReplayCases } from "@/components/replay-cases";
import { ReplayResult } from "@/components/replay-result";
import { ReplayProgress, ReplayStanding } from "@/components/replay-standing";
import { SimulatedTag } from "@/components/simulated-tag";
import { ErrorState, LoadingRows } from "@/components/states";
import { replayQuery } from "@/lib/replays";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";

type Props = { id: string; onClose: () => void };

/** One replay: what it found, and every turn it was tried on. */
export function ReplayDialog({ id, onClose }: Props) {
  const { slug } = useTenant();
  const replay = useQuery(replayQuery(slug, id));
  const name = replay.data && nameOf(replay.data);
  return (
    <Dialog isOpen onClose={onClose} title={name ? t`Replay of ${name}` : t`Replay`} width="md">
      {replay.isPending && <LoadingRows rows={4} label={t`Loading the replay`} />}
      {replay.isError && <ErrorState error={replay.error} onRetry={() => void replay.refetch()} />}
      {replay.data && <Found replay={replay.data} />}
    </Dialog>
  );
}

function Found({ replay }: { replay: ReplayDetail }) {
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p className="flex flex-wrap items-center gap-x-2">
        <ReplayStanding replay={replay} />
        {replay.is_simulated && <SimulatedTag />}
        <span className="ml-auto text-xs text-mute">
          <Trans>
            by {replay.started_by}, <Ago at={replay.created_at} />
          </Trans>
        </span>
      </p>
      <ReplayProgress replay={replay} />
      {replay.reason && (
        <p className="text-xs text-mute">{saidText(replay.reason, replay.reason_said)}</p>
      )}
      {replay.result && replay.proposal_id && <ReplayResult result={replay.result} />}
      <ReplayCases cases={replay.cases} />
    </div>
  );
}

/** A proposal has no version yet. */
const nameOf = ({ slug, version }: ReplayDetail) =>
  version === null ? slug : `${slug}@${version}`;
