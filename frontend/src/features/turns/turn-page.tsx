import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { buttonClass } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { OutcomeTag } from "@/components/outcome-tag";
import { PaneHeader } from "@/components/page";
import { SimulatedTag } from "@/components/simulated-tag";
import { ErrorState, LoadingBlock } from "@/components/states";
import { formatTime, shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useTurn } from "./api/turns";
import { AskPeople } from "./components/ask-people";
import { Conversation } from "./components/conversation";
import { CopyCurl } from "./components/copy-curl";
import { NotTrainable } from "./components/not-trainable";
import { SkillsConsidered } from "./components/skills-considered";
import { TurnFacts } from "./components/turn-facts";
import { TurnLineage } from "./components/turn-lineage";
import { TurnReplays } from "./components/turn-replays";
import { TurnScores } from "./components/turn-scores";
import { TurnTrouble } from "./components/turn-trouble";

export function TurnPage({ id }: { id: string }) {
  const { slug } = useTenant();
  const turn = useTurn(slug, id);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PaneHeader>
        <Link
          to="/t/$tenant/turns"
          params={{ tenant: slug }}
          aria-label={t`All turns`}
          className={buttonClass({ variant: "ghost", isIcon: true })}
        >
          <ChevronLeft aria-hidden />
        </Link>
        <h1 className="truncate text-sm font-semibold">
          <Trans>
            Turn <span className="font-mono font-normal">{shortId(id)}</span>
          </Trans>
        </h1>
        <CopyButton text={id} label={t`Copy turn id`} isIcon variant="ghost" />
        {turn.data && (
          <>
            <OutcomeTag outcome={turn.data.outcome} />
            {turn.data.is_simulated && <SimulatedTag />}
            <span className="ml-auto hidden items-center gap-2 sm:flex">
              <CopyCurl turn={turn.data} />
              <span className="text-sm text-mute">{formatTime(turn.data.started_at)}</span>
            </span>
          </>
        )}
      </PaneHeader>
      {turn.isPending && <LoadingBlock label={t`Loading the turn`} />}
      {turn.isError && <ErrorState error={turn.error} onRetry={() => void turn.refetch()} />}
      {turn.isSuccess && (
        <div className="min-h-0 flex-1 overflow-y-auto lg:grid lg:grid-cols-[minmax(0,1fr)_340px] lg:overflow-hidden">
          <div className="flex flex-col gap-4 bg-panel p-4 lg:overflow-y-auto lg:p-5">
            <TurnTrouble turn={turn.data} />
            <TurnLineage turn={turn.data} />
            <Conversation turn={turn.data} />
            <TurnReplays turn={turn.data} />
          </div>
          <aside
            aria-label={t`Facts`}
            className="flex flex-col gap-5 border-line p-4 lg:overflow-y-auto lg:border-l"
          >
            <TurnFacts turn={turn.data} />
            <SkillsConsidered candidates={turn.data.injection.candidates} />
            <TurnScores key={id} turn={turn.data} />
            <AskPeople turnId={id} />
            <NotTrainable reasons={turn.data.not_trainable} />
          </aside>
        </div>
      )}
    </div>
  );
}
