import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { RefusedRequest, TurnDetail, UnderWay } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { OutcomeTag } from "@/components/outcome-tag";
import { SimulatedTag } from "@/components/simulated-tag";
import { TimelineBar } from "@/components/timeline";
import { formatMs } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { FailedTurn, RefusedAttempt } from "./attempt";
import { Steps } from "./steps";

export type Arrival = {
  /** The request as recorded; of several, the first that was answered. */
  turn: TurnDetail | undefined;
  isAnswered: boolean;
  underWay: UnderWay | null;
  refused: RefusedRequest[];
};

export function ArrivalPanel({ turn, isAnswered, underWay, refused }: Arrival) {
  return (
    <div aria-live="polite">
      {turn && isAnswered ? (
        <Arrived turn={turn} />
      ) : (
        <>
          {underWay ? <OnItsWay request={underWay} /> : <Waiting />}
          {turn && <FailedTurn turn={turn} />}
          {refused.map((each) => (
            <RefusedAttempt key={each.id} refused={each} />
          ))}
        </>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <div className="flex flex-col items-center gap-3 border-b border-line px-6 py-12 text-center last:border-b-0">
      <span className="live size-3 rounded-full bg-accent" aria-hidden />
      <p className="text-base font-medium">
        <Trans>Waiting for the first request…</Trans>
      </p>
      <p className="max-w-[36ch] text-mute">
        <Trans>
          This page changes by itself the moment a request reaches the gateway, also one that fails.
        </Trans>
      </p>
    </div>
  );
}

function OnItsWay({ request }: { request: UnderWay }) {
  return (
    <div className="flex flex-col gap-3 border-b border-line p-3.5 last:border-b-0">
      <p className="flex flex-wrap items-center gap-2 text-base font-medium">
        <Trans>A request is on its way</Trans>
        {request.is_simulated && <SimulatedTag />}
      </p>
      <Steps reached={request.reached} />
      <p className="text-mute">
        <Trans>
          {request.model}, with the key {request.key_name}
        </Trans>
      </p>
    </div>
  );
}

function Arrived({ turn }: { turn: TurnDetail }) {
  const { slug } = useTenant();
  const reached = Object.fromEntries(turn.timeline.map(({ step, ms }) => [step, ms]));
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
      <Steps reached={reached} />
      {!("scored" in reached) && (
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
