import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ActivityEvent, SeriesPoint } from "@/client/contract";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { EmptyState } from "@/components/states";
import { formatCount, formatPercent } from "@/lib/format";
import { Moments } from "./moments";
import { SuccessChart } from "./success-chart";

type Props = { series: SeriesPoint[]; moments: ActivityEvent[] };

/** How often turns pass, hour by hour, and when something went live that may have changed it. */
export function SuccessPanel({ series, moments }: Props) {
  const passed = series.reduce((sum, point) => sum + point.passed, 0);
  const failed = series.reduce((sum, point) => sum + point.failed, 0);
  const hasScores = passed + failed > 0;
  return (
    <Panel
      title={t`Success rate`}
      aside={
        <p className="flex gap-3 text-xs text-mute">
          <Legend color="var(--s1)" text={t`passed ${formatPercent(passed, passed + failed)}`} />
          <Legend color="var(--line2)" text={t`turns an hour`} />
        </p>
      }
    >
      {hasScores ? (
        <>
          <div className="h-[260px] px-2 pt-3">
            <SuccessChart series={series} moments={moments} />
          </div>
          <Moments moments={moments} />
          <SeriesTable series={series} />
        </>
      ) : (
        <EmptyState title={t`No scored turns in the last 24 hours`}>
          <Trans>A turn is scored a little after the conversation has moved on or gone idle.</Trans>
        </EmptyState>
      )}
    </Panel>
  );
}

function Legend({ color, text }: { color: string; text: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span className="h-[3px] w-3 rounded-sm" style={{ background: color }} aria-hidden />
      {text}
    </span>
  );
}

/** What the canvas shows, for readers who cannot see it. */
function SeriesTable({ series }: { series: SeriesPoint[] }) {
  return (
    <details className="border-t border-line px-3.5 py-1.5 text-xs text-mute">
      <summary className="w-fit cursor-pointer hover:text-ink">
        <Trans>Show as a table</Trans>
      </summary>
      <div className="max-h-56 overflow-y-auto py-1.5">
        <table className="w-full max-w-md text-right">
          <caption className="sr-only">
            <Trans>Turns by hour</Trans>
          </caption>
          <thead>
            <tr>
              {[t`Hour`, t`Turns`, t`Passed`, t`Failed`, t`Success`].map((name) => (
                <th key={name} scope="col" className="py-0.5 font-normal first:text-left">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="text-ink">
            {series.map((point) => (
              <tr key={point.at}>
                <th scope="row" className="text-left font-normal">
                  <Moment at={point.at} look="hour" isStop={false} />
                </th>
                <td>{formatCount(point.turns)}</td>
                <td>{formatCount(point.passed)}</td>
                <td>{formatCount(point.failed)}</td>
                <td>{formatPercent(point.passed, point.passed + point.failed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
