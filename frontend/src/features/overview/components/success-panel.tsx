import type { SeriesPoint } from "@/client/contract";
import { Panel } from "@/components/panel";
import { EmptyState } from "@/components/states";
import { formatCount, formatHour, formatPercent } from "@/lib/format";
import { SuccessChart } from "./success-chart";

export function SuccessPanel({ series }: { series: SeriesPoint[] }) {
  const passed = series.reduce((sum, point) => sum + point.passed, 0);
  const failed = series.reduce((sum, point) => sum + point.failed, 0);
  const hasScores = passed + failed > 0;
  return (
    <Panel
      title="Success rate"
      aside={
        <p className="flex gap-3 text-xs text-mute">
          <Legend color="var(--s1)" text={`passed ${formatPercent(passed, passed + failed)}`} />
          <Legend color="var(--line2)" text="turns an hour" />
        </p>
      }
    >
      {hasScores ? (
        <>
          <div className="h-[260px] px-2 pt-3">
            <SuccessChart series={series} />
          </div>
          <SeriesTable series={series} />
        </>
      ) : (
        <EmptyState title="No scored turns in the last 24 hours">
          A turn is scored a little after the conversation has moved on or gone idle.
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
      <summary className="w-fit cursor-pointer hover:text-ink">Show as a table</summary>
      <div className="max-h-56 overflow-y-auto py-1.5">
        <table className="w-full max-w-md text-right">
          <caption className="sr-only">Turns by hour</caption>
          <thead>
            <tr>
              {["Hour", "Turns", "Passed", "Failed", "Success"].map((name) => (
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
                  {formatHour(point.at)}
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
