import { plural } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import type { RefusedRequest, TurnDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { buttonClass } from "@/components/button";
import { useTenant } from "@/lib/tenant";
import { failureReason, type Page, type Reason, refusalReason } from "../reasons";
import { Steps } from "./steps";

/** A request that the gateway turned away: why, and what helps. */
export function RefusedAttempt({ refused }: { refused: RefusedRequest }) {
  const { times } = refused;
  return (
    <Attempt reason={refusalReason(refused.code)} said={refused.detail}>
      <Steps reached={stepsOf(refused)} isFailed />
      <p className="text-xs text-mute">
        <Trans>
          Key {refused.key_name || "…"}, answered {refused.http_status}
        </Trans>{" "}
        · <Ago at={refused.last_at} />
        {times > 1 && ` · ${plural(times, { one: "# time", other: "# times" })}`}
      </p>
    </Attempt>
  );
}

/** A turn that its provider did not answer. */
export function FailedTurn({ turn }: { turn: TurnDetail }) {
  const { slug } = useTenant();
  const reached = Object.fromEntries(turn.timeline.map(({ step, ms }) => [step, ms]));
  delete reached.recorded;
  delete reached.scored;
  // What the provider sent was no answer.
  delete reached.first_byte;
  return (
    <Attempt
      reason={failureReason(turn.error?.type, turn.http_status)}
      said={turn.error?.message ?? ""}
    >
      <Steps reached={reached} isFailed />
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-mute">
        <Trans>
          {turn.model} at {turn.upstream}, answered {turn.http_status}
        </Trans>
        <Link to="/t/$tenant/turns/$turnId" params={{ tenant: slug, turnId: turn.id }}>
          <Trans>Open the turn</Trans>
        </Link>
      </p>
    </Attempt>
  );
}

function stepsOf({ is_authenticated }: RefusedRequest): Record<string, null> {
  return is_authenticated ? { received: null, authenticated: null } : { received: null };
}

type Props = { reason: Reason; said: string; children: React.ReactNode };

function Attempt({ reason, said, children }: Props) {
  return (
    <section className="flex flex-col gap-2 border-b border-line p-3.5 last:border-b-0">
      <p className="flex items-center gap-2 text-base font-medium text-bad">
        <CircleAlert className="size-4 shrink-0" aria-hidden /> {reason.reason}
      </p>
      <p>{reason.fix}</p>
      {said && <p className="break-words text-mute">“{said}”</p>}
      {children}
      {reason.page && <ToPage page={reason.page} />}
    </section>
  );
}

function ToPage({ page }: { page: Page }) {
  const { slug } = useTenant();
  return (
    <Link to={page} params={{ tenant: slug }} className={`${buttonClass()} self-start`}>
      {page === "/t/$tenant/keys" && <Trans>Keys</Trans>}
      {page === "/t/$tenant/upstreams" && <Trans>Upstreams</Trans>}
      {page === "/t/$tenant/budgets" && <Trans>Budgets & usage</Trans>}
    </Link>
  );
}
