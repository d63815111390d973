import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ChevronRight, Square } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Replay, TurnDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ReplayProgress, ReplayStanding } from "@/components/replay-standing";
import { SimulatedTag } from "@/components/simulated-tag";
import { LoadingBlock } from "@/components/states";
import { errorText } from "@/lib/api";
import { formatCount } from "@/lib/format";
import { formatMoney } from "@/lib/money";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useReplay, useStopReplay } from "../api/replays";
import { ReplayAnswers } from "./replay-answers";

type Props = { replay: Replay; turn: TurnDetail; isOpenAtFirst: boolean };

/** One time the turn was asked again: with which text, what it took, and the answers. */
export function TurnReplay({ replay, turn, isOpenAtFirst }: Props) {
  const { slug } = useTenant();
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  return (
    <article
      aria-label={t`With ${`${replay.slug}@${replay.version}`}`}
      className="rounded-md border border-line"
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1 px-2.5 py-1.5 text-sm">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={t`Answers with and without ${replay.slug}`}
          onClick={() => setIsOpen(!isOpen)}
          className="-ml-1 rounded p-0.5 hover:bg-sunk"
        >
          <ChevronRight
            aria-hidden
            className={isOpen ? "size-3.5 rotate-90 text-mute" : "size-3.5 text-mute"}
          />
        </button>
        <Link
          to="/t/$tenant/skills/$skillSlug"
          params={{ tenant: slug, skillSlug: replay.slug }}
          className="font-mono text-xs hover:underline"
        >
          {replay.slug}@{replay.version}
        </Link>
        <ReplayStanding replay={replay} />
        {replay.is_simulated && <SimulatedTag />}
        <span className="ml-auto text-xs text-mute">
          <Trans>{formatCount(replay.tokens_used)} tokens</Trans>
          {replay.cost_micros ? `, ${formatMoney(replay.cost_micros)}` : ""},{" "}
          <Trans>by {replay.started_by}</Trans>, <Ago at={replay.created_at} />
        </span>
        {replay.status === "running" && <Stop id={replay.id} />}
      </header>
      {replay.status === "running" && (
        <div className="px-2.5 pb-2">
          <ReplayProgress replay={replay} />
        </div>
      )}
      {replay.reason && (
        <p className="px-2.5 pb-2 text-xs text-mute">
          {saidText(replay.reason, replay.reason_said)}
        </p>
      )}
      {isOpen && <Opened replay={replay} turn={turn} />}
    </article>
  );
}

function Stop({ id }: { id: string }) {
  const { slug, may } = useTenant();
  const stop = useStopReplay(slug);
  const reason = may("reviewer") ? undefined : t`Reviewers and above may stop it.`;
  return (
    <Button
      isBusy={stop.isPending}
      disabled={reason !== undefined}
      title={reason}
      onClick={() => stop.mutate(id, { onError: (error) => toast.error(errorText(error)) })}
    >
      <Square aria-hidden />
      <Trans>Stop</Trans>
    </Button>
  );
}

function Opened({ replay, turn }: { replay: Replay; turn: TurnDetail }) {
  const { slug } = useTenant();
  const detail = useReplay(slug, replay.id, true);
  if (detail.isPending) return <LoadingBlock label={t`Loading the answers`} />;
  if (detail.isError) {
    return (
      <p role="alert" className="px-2.5 pb-2 text-sm text-bad">
        {errorText(detail.error)}
      </p>
    );
  }
  const found = detail.data.cases.find(({ turn_id }) => turn_id === turn.id);
  if (found?.status === "skipped") {
    return <p className="px-2.5 pb-2 text-sm text-warn">{found.reason}</p>;
  }
  if (found?.status !== "done") return null;
  return <ReplayAnswers tried={found} replay={replay} turn={turn} />;
}
