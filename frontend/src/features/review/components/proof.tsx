import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { FlaskConical, Square } from "lucide-react";
import type { ProposalDetail, Replay } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { SimulatedTag } from "@/components/simulated-tag";
import { formatCount } from "@/lib/format";
import { formatMoney } from "@/lib/money";
import { useTenant } from "@/lib/tenant";
import { useReplayActions, useReplays } from "../api/replays";
import { ProofCases } from "./proof-cases";
import { ProofTable } from "./proof-table";

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
          title={proposal.blocked_reason ?? undefined}
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
        <Verdict replay={replay} />
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
      {replay.status === "running" && (
        <progress
          className="h-1.5 w-full accent-accent"
          aria-label={t`Turns tried`}
          max={replay.case_count}
          value={replay.done_count}
        />
      )}
      {replay.reason && <p className="text-xs text-mute">{replay.reason}</p>}
      {replay.result && <ProofTable result={replay.result} />}
      <ProofCases replay={replay} />
    </>
  );
}

const VERDICTS = {
  lift: ["text-ok", t`It helps`],
  no_lift: ["text-mute", t`No measurable lift`],
  harm: ["text-bad", t`It does harm`],
} as const;

function Verdict({ replay }: { replay: Replay }) {
  if (replay.status === "running") {
    return (
      <strong role="status">
        <Trans>
          Trying: {replay.done_count} of {replay.case_count} turns
        </Trans>
      </strong>
    );
  }
  if (replay.status !== "done" || !replay.verdict) {
    return <strong>{replay.status === "cancelled" ? t`Stopped` : t`Could not be tried`}</strong>;
  }
  const [colour, text] = VERDICTS[replay.verdict];
  return <strong className={colour}>{text}</strong>;
}
