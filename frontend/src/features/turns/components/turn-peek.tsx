import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Maximize2, X } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { PaneHeader } from "@/components/page";
import { ErrorState, LoadingBlock } from "@/components/states";
import { shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useTurn } from "../api/turns";
import { Conversation } from "./conversation";
import { TurnFacts } from "./turn-facts";
import { TurnLineage } from "./turn-lineage";
import { TurnReplays } from "./turn-replays";
import { TurnScores } from "./turn-scores";
import { TurnTrouble } from "./turn-trouble";

export function TurnPeek({ id, onClose }: { id: string; onClose: () => void }) {
  const { slug } = useTenant();
  const turn = useTurn(slug, id);
  return (
    <aside
      aria-label={t`Turn`}
      className="hidden w-[440px] shrink-0 flex-col border-l border-line bg-bg lg:flex"
    >
      <PaneHeader>
        <h2 className="mr-auto truncate font-mono text-sm">{shortId(id)}</h2>
        <Link
          to="/t/$tenant/turns/$turnId"
          params={{ tenant: slug, turnId: id }}
          className={buttonClass()}
        >
          <Maximize2 aria-hidden />
          <Trans>Open</Trans>
        </Link>
        <Button isIcon variant="ghost" aria-label={t`Close the panel`} onClick={onClose}>
          <X aria-hidden />
        </Button>
      </PaneHeader>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {turn.isPending && <LoadingBlock label={t`Loading the turn`} />}
        {turn.isError && <ErrorState error={turn.error} onRetry={() => void turn.refetch()} />}
        {turn.isSuccess && (
          <div className="flex flex-col gap-4 p-3.5">
            <TurnTrouble turn={turn.data} />
            <TurnLineage turn={turn.data} />
            <TurnFacts turn={turn.data} />
            <TurnScores key={turn.data.id} turn={turn.data} />
            <Conversation turn={turn.data} />
            <TurnReplays turn={turn.data} />
          </div>
        )}
      </div>
    </aside>
  );
}
