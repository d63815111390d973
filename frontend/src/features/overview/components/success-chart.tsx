import { t } from "@lingui/core/macro";
import { useMemo } from "react";
import uPlot from "uplot";
import type { ActivityEvent, SeriesPoint } from "@/client/contract";
import { formatCompact, formatHour } from "@/lib/format";
import { useTenantZone } from "@/lib/tenant";
import { token } from "@/lib/theme";
import { type PlotOptions, usePlot } from "@/lib/use-plot";
import { ownZoneNote } from "@/lib/zones";

type Props = { series: SeriesPoint[]; moments: ActivityEvent[] };

export function SuccessChart({ series, moments }: Props) {
  const rows = useMemo(() => toRows(series), [series]);
  const options = useMemo(() => optionsWith(moments), [moments]);
  const holder = usePlot(options, rows);
  const zoneNote = ownZoneNote(useTenantZone());
  return (
    <div
      ref={holder}
      role="img"
      title={zoneNote}
      aria-label={t`Success rate and turns for each of the last 24 hours; a table follows`}
      className="h-full w-full"
    />
  );
}

function toRows(series: SeriesPoint[]): uPlot.AlignedData {
  return [
    series.map((point) => Date.parse(point.at) / 1000),
    series.map((point) => point.turns),
    series.map(({ passed, failed }) =>
      passed + failed > 0 ? (100 * passed) / (passed + failed) : null,
    ),
  ];
}

/** A chart with a line at each moment at which something went live. */
function optionsWith(moments: ActivityEvent[]): PlotOptions {
  const times = moments.map(({ at }) => Date.parse(at) / 1000);
  return (width, height) => ({
    ...plain(width, height),
    hooks: { drawAxes: [(plot) => drawMoments(plot, times)] },
  });
}

function drawMoments(plot: uPlot, times: number[]) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = token("accent");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const time of times) {
    const x = Math.round(plot.valToPos(time, "x", true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function plain(width: number, height: number): uPlot.Options {
  const axis = {
    stroke: token("mute"),
    font: "11px 'Geist Variable', system-ui, sans-serif",
    grid: { stroke: token("grid"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: {
      // Half an hour on each side, so that the first and the last bar are whole.
      x: { range: (_plot, first, last) => [first - 1800, last + 1800] },
      rate: { range: [0, 100] },
      turns: { range: (_plot, _least, most) => [0, Math.max(4, most * 1.6)] },
    },
    axes: [
      { ...axis, space: 90, size: 28, values: (_plot, at) => at.map((t) => formatHour(iso(t))) },
      {
        ...axis,
        scale: "rate",
        size: 46,
        splits: [0, 25, 50, 75, 100],
        values: (_plot, at) => at.map((v) => `${v}%`),
      },
      {
        ...axis,
        scale: "turns",
        side: 1,
        size: 44,
        grid: { show: false },
        values: (_plot, at) => at.map((v) => (Number.isInteger(v) ? formatCompact(v) : "")),
      },
    ],
    series: [
      {},
      {
        scale: "turns",
        fill: token("line"),
        stroke: token("line2"),
        width: 0,
        paths: uPlot.paths.bars?.({ size: [0.62, 40] }),
        points: { show: false },
      },
      {
        scale: "rate",
        stroke: token("s1"),
        width: 1.8,
        points: { show: true, size: 5, fill: token("panel"), stroke: token("s1") },
      },
    ],
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
