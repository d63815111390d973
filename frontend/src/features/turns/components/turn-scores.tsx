import { clsx } from "clsx";
import type { Score, TurnStatus } from "@/client/contract";
import { SimulatedTag } from "@/components/simulated-tag";
import { formatScore } from "@/lib/format";

type Props = { scores: Score[]; status: TurnStatus };

export function TurnScores({ scores, status }: Props) {
  return (
    <section aria-label="Scores">
      <h2 className="mb-1.5 text-sm font-semibold">Scores</h2>
      {scores.length === 0 && (
        <p className="text-sm text-mute">
          {status === "complete"
            ? "Not scored yet. The judge waits for the next message, or for the session to go idle."
            : "A turn that did not end well is not judged."}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {scores.map((score) => (
          <li key={score.id} className="rounded-md border border-line bg-panel p-2.5">
            <p className="flex items-center gap-2">
              <ScoreMark value={score.value} />
              <span className="truncate font-mono text-xs text-mute">{score.judge_model}</span>
              {score.is_simulated && <SimulatedTag />}
            </p>
            <p className="mt-1 break-words">{score.rationale}</p>
            <Votes score={score} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Votes({ score }: { score: Score }) {
  if (score.votes.length === 0) return null;
  return (
    <details className="mt-1.5 text-sm">
      <summary className="w-fit cursor-pointer text-xs text-mute hover:text-ink">
        Votes {score.votes.map(({ value }) => formatScore(value)).join("  ")}
      </summary>
      <ol className="mt-1 flex flex-col gap-1 border-l border-line pl-2.5">
        {score.votes.map((vote, i) => (
          <li key={i} className="flex gap-2">
            <ScoreMark value={vote.value} />
            <span className="min-w-0 break-words text-mute">
              {vote.value === null ? "no usable vote" : vote.rationale}
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
        "w-5 shrink-0 font-semibold",
        value === 1 && "text-ok",
        value === -1 && "text-bad",
        !value && "text-mute",
      )}
    >
      {formatScore(value)}
    </span>
  );
}
