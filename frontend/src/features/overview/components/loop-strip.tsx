import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import type { Overview } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { SimulatedTag } from "@/components/simulated-tag";
import { Sparkline } from "@/components/sparkline";
import { formatAgo, formatCompact, formatMs, formatPercent, plural } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";

/** The learning loop, left to right. The accent marks only the stage that waits for a person. */
export function LoopStrip({ overview }: { overview: Overview }) {
  const params = { tenant: useTenant().slug };
  const now = useNow();
  const { turns, series, review, skills, serving } = overview;
  return (
    <ol className="grid grid-cols-1 overflow-hidden rounded-lg border border-line bg-panel sm:grid-cols-2 lg:grid-cols-5">
      <Stage
        name="Traffic"
        value={
          <Link to="/t/$tenant/turns" params={params}>
            {formatCompact(turns.total_24h)}
          </Link>
        }
        note={turns.p95_ms === null ? "turns" : `turns · p95 ${formatMs(turns.p95_ms)}`}
        aside={<Spark values={series.map((point) => point.turns)} color="s3" />}
      />
      <Stage
        name="Failing turns"
        value={
          <Link to="/t/$tenant/turns" params={params} search={{ outcome: "failed" }}>
            {formatCompact(turns.failed_24h)}
          </Link>
        }
        note={`${formatPercent(turns.failed_24h, turns.total_24h)} of traffic`}
        aside={<Spark values={series.map((point) => point.failed)} color="bad" />}
      />
      <Stage
        name="Skills to review"
        isWaiting={review.pending > 0}
        value={
          <Link to="/t/$tenant/review" params={params}>
            {formatCompact(review.pending)}
          </Link>
        }
        note={review.oldest_at ? `oldest ${formatAgo(review.oldest_at, now)}` : "nothing waits"}
        aside={
          review.pending > 0 && (
            <Link
              to="/t/$tenant/review"
              params={params}
              className={buttonClass({ variant: "accent" })}
            >
              Review
            </Link>
          )
        }
      />
      <Stage
        name="Learned skills"
        value={
          <Link to="/t/$tenant/skills" params={params} search={{ source: "evolved" }}>
            {formatCompact(skills.learned)}
          </Link>
        }
        note={`of ${plural(skills.live, "live skill")} · gen ${skills.generation}`}
      />
      <Stage
        name="Serving"
        value={
          <Link to="/t/$tenant/upstreams" params={params} className="block truncate">
            {serving ? serving.model || serving.upstream : "nothing"}
          </Link>
        }
        note={serving ? `through ${serving.upstream}` : "add an upstream"}
        tag={serving?.is_simulated && <SimulatedTag />}
        isLast
      />
    </ol>
  );
}

/** Five stages side by side on a middling screen leave no room for the lines. */
function Spark(props: { values: number[]; color: string }) {
  return (
    <span className="lg:hidden xl:block">
      <Sparkline {...props} />
    </span>
  );
}

type StageProps = {
  name: string;
  value: ReactNode;
  note: string;
  aside?: ReactNode;
  tag?: ReactNode;
  isWaiting?: boolean;
  isLast?: boolean;
};

function Stage({ name, value, note, aside, tag, isWaiting, isLast }: StageProps) {
  return (
    <li className="relative flex min-w-0 items-center gap-2 border-line px-3.5 py-3 not-last:border-b lg:not-last:border-r lg:not-last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 text-sm whitespace-nowrap text-mute">
          {isWaiting && (
            <span className="live size-1.5 shrink-0 rounded-full bg-accent" aria-hidden />
          )}
          {name}
          {tag}
        </p>
        <p className="truncate text-[22px] leading-8 font-semibold tracking-tight [&_a:hover]:underline [&_a]:decoration-1 [&_a]:underline-offset-4">
          {value}
        </p>
        <p className="truncate text-xs text-mute">{note}</p>
      </div>
      {aside}
      {!isLast && (
        <span
          aria-hidden
          className="absolute top-1/2 -right-2.5 z-10 hidden size-[18px] -translate-y-1/2 place-items-center rounded-full border border-line bg-panel text-mute lg:grid"
        >
          <ArrowRight className="size-2.5" />
        </span>
      )}
    </li>
  );
}
