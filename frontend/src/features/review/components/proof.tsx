import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { FlaskConical, Square } from "lucide-react";
import type { ProposalDetail, Replay } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ReplayResult } from "@/components/replay-result";
import { ReplayProgress, ReplayStanding } from "@/components/replay-standing";
import { SimulatedTag } from "@/components/simulated-tag";
import { formatCount } from "@/lib/format";
import { formatMoney } from "@/lib/money";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useReplayActions, useReplays } from "../api/replays";
import { blockedText } from "./decision-bar";
import { ProofCases } from "./proof-cases";

/** Whether the text helps: what a replay on recorded turns found, or the way to one. */
export function Proof({ proposal }: { proposal: ProposalDetail }) {
  const { slug } = useTenant();
  const replays = useReplays(slug, proposal.id);
  const { start, stop } = useReplayActions(slug, proposal.id);
  if (replays.isPending)
    return (
      <p className="text-mute">
        <Trans>Loading…</Trans>
      </p>
    );
  if (replays.isError) return <p role="alert">{replays.error.message}</p>;
  const latest = replays.data[0];
  const isRunning = latest?.status === "running";
  return (
    <div className="flex flex-col gap-2">
      {latest ? <Found replay={latest} proposal={proposal} /> : <Untried />}
      {isRunning ? (
        <Button isBusy={stop.isPending} onClick={() => stop.mutate(latest.id)}>
          <Square aria-hidden />
          <Trans>Stop</Trans>
        </Button>
      ) : (
        <Button
          isBusy={start.isPending}
          disabled={!proposal.may_decide}
          title={blockedText(proposal)}
          onClick={() => start.mutate()}
        >
          <FlaskConical aria-hidden /> {latest ? t`Try again` : t`Try on recorded turns`}
        </Button>
      )}
      {start.isError && (
        <p role="alert" className="text-bad">
          {start.error.message}
        </p>
      )}
    </div>
  );
}

function Untried() {
  return (
    <p className="text-mute">
      <Trans>
        Not tried yet. A replay asks recorded turns again, with this text and without it, and has a
        judge vote on the answers without knowing which is which.
      </Trans>
    </p>
  );
}

function Found({ replay, proposal }: { replay: Replay; proposal: ProposalDetail }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2">
        <ReplayStanding replay={replay} />
        {replay.is_simulated && <SimulatedTag />}
        <span className="ml-auto text-xs text-mute">
          <Trans>{formatCount(replay.tokens_used)} tokens</Trans>
          {replay.cost_micros ? `, ${formatMoney(replay.cost_micros)}` : ""},{" "}
          <Ago at={replay.created_at} />
        </span>
      </p>
      {replay.sha256 !== proposal.sha256 && (
        <p className="text-xs text-warn">
          <Trans>This was another text: it has been edited since.</Trans>
        </p>
      )}
      <ReplayProgress replay={replay} />
      {replay.reason && (
        <p className="text-xs text-mute">{saidText(replay.reason, replay.reason_said)}</p>
      )}
      {replay.result && <ReplayResult result={replay.result} />}
      <ProofCases replay={replay} />
    </>
  );
}
