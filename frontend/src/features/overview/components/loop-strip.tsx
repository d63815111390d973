import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Overview } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { SimulatedTag } from "@/components/simulated-tag";
import { Sparkline } from "@/components/sparkline";
import { formatAgo, formatCompact, formatMs, formatPercent } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { Stage } from "./stage";
import { TrainingStage } from "./training-stage";

/** The learning loop, left to right. The accent marks only the stage that waits for a person. */
export function LoopStrip({ overview }: { overview: Overview }) {
  const params = { tenant: useTenant().slug };
  const now = useNow();
  const { turns, series, review, skills, serving } = overview;
  return (
    <ol className="grid grid-cols-1 overflow-hidden rounded-lg border border-line bg-panel sm:grid-cols-2 lg:grid-cols-5">
      <Stage
        name={t`Traffic`}
        value={
          <Link to="/t/$tenant/turns" params={params}>
            {formatCompact(turns.total_24h)}
          </Link>
        }
        note={turns.p95_ms === null ? t`turns` : t`p95 ${formatMs(turns.p95_ms)}`}
        aside={<Spark values={series.map((point) => point.turns)} color="s3" />}
      />
      <Stage
        name={t`Failing turns`}
        value={
          <Link to="/t/$tenant/turns" params={params} search={{ outcome: "failed" }}>
            {formatCompact(turns.failed_24h)}
          </Link>
        }
        note={t`${formatPercent(turns.failed_24h, turns.total_24h)} of traffic`}
        aside={<Spark values={series.map((point) => point.failed)} color="bad" />}
      />
      <Stage
        name={t`Skills to review`}
        isWaiting={review.pending > 0}
        value={
          <Link to="/t/$tenant/review" params={params}>
            {formatCompact(review.pending)}
          </Link>
        }
        note={review.oldest_at ? t`oldest ${formatAgo(review.oldest_at, now)}` : t`nothing waits`}
        aside={
          review.pending > 0 && (
            <Link
              to="/t/$tenant/review"
              params={params}
              className={buttonClass({ variant: "accent" })}
            >
              <Trans>Review</Trans>
            </Link>
          )
        }
      />
      <TrainingStage />
      <Stage
        name={t`Serving`}
        value={
          <Link to="/t/$tenant/upstreams" params={params} className="block truncate">
            {serving ? serving.model || serving.upstream : t`nothing`}
          </Link>
        }
        note={serving ? t`through ${serving.upstream}` : t`add an upstream`}
        more={
          <Link to="/t/$tenant/skills" params={params} search={{ source: "evolved" }}>
            <Trans>{skills.learned} learned</Trans>
          </Link>
        }
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
