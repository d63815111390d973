import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { TurnDetail } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { OutcomeTag } from "@/components/outcome-tag";
import { SimulatedTag } from "@/components/simulated-tag";
import { TimelineBar, TimelineList } from "@/components/timeline";
import { formatMs } from "@/lib/format";
import { useTenant } from "@/lib/tenant";

export function ArrivalPanel({ turn }: { turn: TurnDetail | undefined }) {
  return <div aria-live="polite">{turn ? <Arrived turn={turn} /> : <Waiting />}</div>;
}

function Waiting() {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      <span className="live size-3 rounded-full bg-accent" aria-hidden />
      <p className="text-base font-medium">
        <Trans>Waiting for the first request…</Trans>
      </p>
      <p className="max-w-[36ch] text-mute">
        <Trans>This page changes by itself the moment a request reaches the gateway.</Trans>
      </p>
    </div>
  );
}

function Arrived({ turn }: { turn: TurnDetail }) {
  const { slug } = useTenant();
  return (
    <div className="flex flex-col gap-3 p-3.5">
      <p className="flex flex-wrap items-center gap-2">
        <span className="text-base font-medium text-ok">
          <Trans>Request received</Trans>
        </span>
        <OutcomeTag outcome={turn.outcome} />
        {turn.is_simulated && <SimulatedTag />}
      </p>
      <p className="line-clamp-3 break-words text-mute">“{turn.preview}”</p>
      <TimelineBar steps={turn.timeline} />
      <TimelineList steps={turn.timeline} />
      {!turn.timeline.some(({ step }) => step === "scored") && (
        <p className="text-xs text-mute">
          <Trans>The score follows when the conversation moves on or goes idle.</Trans>
        </p>
      )}
      <p className="text-mute">
        <Trans>
          {turn.model}, answered in {formatMs(turn.latency_ms)}
        </Trans>
      </p>
      <Link
        to="/t/$tenant/turns/$turnId"
        params={{ tenant: slug, turnId: turn.id }}
        className={`${buttonClass({ variant: "primary" })} self-start`}
      >
        <Trans>Open the turn</Trans>
      </Link>
    </div>
  );
}
