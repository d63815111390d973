import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import type { TurnDetail } from "@/client/contract";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useReplaysOfTurn } from "../api/replays";
import { ReplayDialog } from "./replay-dialog";
import { TurnReplay } from "./turn-replay";

/** What became of the turn when it was asked again, and the way to have it asked. */
export function TurnReplays({ turn }: { turn: TurnDetail }) {
  const { slug, may } = useTenant();
  const replays = useReplaysOfTurn(slug, turn.id);
  const [isAsking, setIsAsking] = useState(false);
  const reason = may("reviewer") ? undefined : t`Reviewers and above may ask a turn again.`;
  return (
    <section aria-label={t`Asked again`} className="@container flex flex-col gap-3">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="mr-auto text-sm font-semibold">
          <Trans>Asked again</Trans>
        </h2>
        <Button disabled={reason !== undefined} title={reason} onClick={() => setIsAsking(true)}>
          <FlaskConical aria-hidden />
          <Trans>With or without a skill…</Trans>
        </Button>
      </header>
      {replays.isError && (
        <p role="alert" className="text-sm text-bad">
          {errorText(replays.error)}
        </p>
      )}
      {replays.data?.length === 0 && (
        <p className="text-sm text-mute">
          <Trans>
            Not yet. Asked again with a skill and without it, a turn shows what the skill changes.
          </Trans>
        </p>
      )}
      {replays.data?.map((replay, i) => (
        <TurnReplay key={replay.id} replay={replay} turn={turn} isOpenAtFirst={i === 0} />
      ))}
      {isAsking && <ReplayDialog turn={turn} onClose={() => setIsAsking(false)} />}
    </section>
  );
}
