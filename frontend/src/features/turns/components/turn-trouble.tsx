import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { TurnDetail, TurnStatus } from "@/client/contract";
import { Banner } from "@/components/banner";

const TEXT: Record<Exclude<TurnStatus, "complete">, string> = {
  client_aborted: t`The client left before the answer was complete`,
  truncated_upstream: t`The provider cut the answer off`,
  truncated_crash: t`The gateway stopped in the middle of this answer`,
  upstream_error: t`The provider answered with an error`,
  rejected: t`This request was refused`,
};

/** A turn that did not end well says so before anything else. */
export function TurnTrouble({ turn }: { turn: TurnDetail }) {
  if (turn.status === "complete") return null;
  const isLost = turn.status === "client_aborted";
  return (
    <Banner
      tone={isLost ? "warn" : "bad"}
      title={t`${TEXT[turn.status]} (HTTP ${turn.http_status})`}
    >
      {turn.error && (
        <p className="break-words">
          <span className="font-mono text-xs">{turn.error.type}</span> {turn.error.message}
        </p>
      )}
      {turn.response && (
        <p>
          <Trans>What arrived until then is kept below.</Trans>
        </p>
      )}
    </Banner>
  );
}
