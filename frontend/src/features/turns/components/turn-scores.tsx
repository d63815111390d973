import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import type { Score, TurnDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { Markdown } from "@/components/markdown";
import { SimulatedTag } from "@/components/simulated-tag";
import { errorText } from "@/lib/api";
import { formatCount, formatPercent, formatScore, words } from "@/lib/format";
import { plainText } from "@/lib/messages";
import { formatMoney } from "@/lib/money";
import { useTenant } from "@/lib/tenant";
import { useTakeBack, type Voice } from "../api/feedback";
import { OpinionForm } from "./opinion-form";

const KINDS: Record<Score["kind"], string> = {
  human: t`Reviewer`,
  checker: t`Checker`,
  explicit: t`Feedback`,
  judge: t`Judge`,
  implicit: t`Signal`,
};
const SOURCES: Record<string, string> = {
  human: t`a reviewer`,
  checker: t`a checker`,
  explicit: "feedback",
  judge: t`the judge`,
  implicit: "signals",
};
const VOICES: Partial<Record<Score["kind"], Voice>> = { human: "verdict", explicit: "feedback" };

export function TurnScores({ turn }: { turn: TurnDetail }) {
  const { scores, status } = turn;
  return (
    <section aria-label={t`Scores`}>
      <h2 className="mb-1.5 text-sm font-semibold">
        <Trans>Scores</Trans>
      </h2>
      {turn.reward !== null && (
        <p className="mb-2 text-sm">
          <Trans>
            Reward <span className="font-semibold">{formatScore(round(turn.reward))}</span>{" "}
            <span className="text-mute">
              mostly by {SOURCES[turn.reward_source] ?? turn.reward_source}
              {turn.score === null && t`; too little to call it passed or failed`}
            </span>
          </Trans>
        </p>
      )}
      {scores.length === 0 && (
        <p className="text-sm text-mute">
          {status === "complete"
            ? t`Not scored yet. The judge waits for the next message, or for the session to go idle.`
            : t`A turn that did not end well is not judged.`}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {scores.map((score) => (
          <ScoreItem key={score.id} score={score} turnId={turn.id} />
        ))}
      </ul>
      <OpinionForm
        turnId={turn.id}
        answer={turn.response ? plainText(turn.response.content) : ""}
      />
    </section>
  );
}

function ScoreItem({ score, turnId }: { score: Score; turnId: string }) {
  const takeBack = useTakeBack(useTenant().slug, turnId);
  const voice = score.is_own ? VOICES[score.kind] : undefined;
  return (
    <li className="rounded-md border border-line bg-panel p-2.5">
      <p className="flex items-center gap-2">
        <ScoreMark value={round(score.value)} />
        <span className="font-medium">{KINDS[score.kind]}</span>
        <span className="truncate text-xs text-mute" title={origin(score)}>
          {origin(score)}
        </span>
        {score.is_simulated && <SimulatedTag />}
        <span className="ml-auto shrink-0 text-xs text-mute">
          <Ago at={score.created_at} />
        </span>
      </p>
      {score.comment && <p className="mt-1 break-words">“{score.comment}”</p>}
      {score.rationale && <p className="mt-1 break-words">{score.rationale}</p>}
      {score.correction && (
        <div className="mt-1.5 border-l-2 border-line2 pl-2.5">
          <p className="text-xs text-mute">
            <Trans>Should have been answered</Trans>
          </p>
          <Markdown text={score.correction} />
        </div>
      )}
      <p className="mt-1 text-xs text-mute">
        <Trans>{formatPercent(score.confidence, 1)} sure</Trans>
        {score.kind === "judge" && `, ${priceOf(score)}`}
      </p>
      <Votes score={score} />
      {voice && (
        <Button
          className="mt-1.5"
          variant="ghost"
          isBusy={takeBack.isPending}
          onClick={() => takeBack.mutate(voice)}
        >
          <Trans>Take back</Trans>
        </Button>
      )}
      {takeBack.isError && (
        <p role="alert" className="text-xs text-bad">
          {errorText(takeBack.error)}
        </p>
      )}
    </li>
  );
}

/** Who said it, or what it was read from. */
function origin(score: Score): string {
  if (score.kind === "judge") return score.judge_model;
  return score.kind === "implicit" ? words(score.source) : score.author;
}

function priceOf({ cost_micros, input_tokens, output_tokens }: Score): string {
  const tokens = t`${formatCount(input_tokens + output_tokens)} tokens`;
  return cost_micros === null
    ? t`${tokens}, cost unknown: the model has no price`
    : t`${tokens} for ${formatMoney(cost_micros)}`;
}

const round = (value: number) => Math.round(value * 100) / 100;

function Votes({ score }: { score: Score }) {
  if (score.votes.length === 0) return null;
  return (
    <details className="mt-1.5 text-sm">
      <summary className="w-fit cursor-pointer text-xs text-mute hover:text-ink">
        <Trans>Votes {score.votes.map(({ value }) => formatScore(value)).join("  ")}</Trans>
      </summary>
      <ol className="mt-1 flex flex-col gap-1 border-l border-line pl-2.5">
        {score.votes.map((vote, i) => (
          <li key={i} className="flex gap-2">
            <ScoreMark value={vote.value} />
            <span className="min-w-0 break-words text-mute">
              {vote.value === null ? t`no usable vote` : vote.rationale}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function ScoreMark({ value }: { value: number | null }) {
  return (
    <span
      className={clsx(
        "min-w-5 shrink-0 font-semibold",
        value !== null && value > 0 && "text-ok",
        value !== null && value < 0 && "text-bad",
        !value && "text-mute",
      )}
    >
      {formatScore(value)}
    </span>
  );
}
