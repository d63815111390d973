import { t } from "@lingui/core/macro";
import { memo, type PointerEvent, type ReactNode, useMemo } from "react";
import { formatCount } from "@/lib/format";
import { niceTicks } from "@/lib/ticks";

/** `low` and `high` bound the band around `y`; null: nothing was measured there. */
export type ChartPoint = { x: number; y: number | null; low?: number; high?: number };

type Props = {
  name: string;
  note?: ReactNode;
  /** What is counted along the bottom, such as "step". */
  xName: string;
  points: ChartPoint[];
  format: (value: number) => string;
  /** A colour of the palette: s1 to s4. */
  color?: string;
  /** Keeps zero on the axis: for what is a share, or a distance. */
  hasZero?: boolean;
  /** The least that the axis covers, so that what is next to nothing looks like it. */
  leastSpan?: number;
  /** The point looked at; charts that are given the same one move together. */
  at: number | null;
  onAt: (index: number | null) => void;
};

/**
 * A small line over counted steps, read by pointer, touch or arrow keys.
 *
 * The control on top is a slider, so that what it stands on is announced in words.
 */
export function LineChart({ name, note, xName, points, format, color = "s1", ...rest }: Props) {
  const { hasZero = false, leastSpan = 0, at, onAt } = rest;
  const scale = useMemo(() => scaleOf(points, hasZero, leastSpan), [points, hasZero, leastSpan]);
  const last = points.length - 1;
  const shown = at === null ? last : Math.min(at, last);
  const point = points[shown];
  const said = point ? saidOf(point, format) : "";

  function follow(event: PointerEvent<HTMLInputElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    if (box.width === 0) return;
    const part = (event.clientX - box.left) / box.width;
    onAt(Math.max(0, Math.min(last, Math.round(part * last))));
  }

  return (
    <figure className="flex min-w-0 flex-col gap-1.5">
      <figcaption className="flex items-baseline gap-2 text-sm">
        <span className="font-medium">{name}</span>
        <span className="ml-auto text-right tabular-nums">
          {point?.y === null || !point ? <span className="text-mute">–</span> : said}
        </span>
        <span className="w-14 shrink-0 text-right text-2xs text-mute">
          {point && `${xName} ${formatCount(point.x)}`}
        </span>
      </figcaption>
      <div className="grid grid-cols-[2.75rem_minmax(0,1fr)] gap-x-2 text-2xs text-mute">
        <div aria-hidden className="relative h-24 text-right leading-none">
          {scale.ticks.map((tick) => (
            <span
              key={tick}
              className="absolute right-0 translate-y-1/2 whitespace-nowrap"
              style={{ bottom: `${100 * scale.y(tick)}%` }}
            >
              {format(tick)}
            </span>
          ))}
        </div>
        <div className="relative h-24">
          <Plot points={points} scale={scale} color={color} />
          {point?.y != null && (
            <span aria-hidden>
              {at !== null && (
                <span
                  className="absolute inset-y-0 w-px bg-line2"
                  style={{ left: `${100 * scale.x(shown)}%` }}
                />
              )}
              <span
                className="absolute size-[7px] -translate-x-1/2 translate-y-1/2 rounded-full border border-panel"
                style={{
                  left: `${100 * scale.x(shown)}%`,
                  bottom: `${100 * scale.y(point.y)}%`,
                  background: `var(--${color})`,
                }}
              />
            </span>
          )}
          <input
            type="range"
            aria-label={t`${name}, by ${xName}`}
            aria-valuetext={point ? `${xName} ${point.x}: ${said || t`not measured`}` : t`no value`}
            min={0}
            max={Math.max(0, last)}
            step={1}
            value={Math.max(0, shown)}
            disabled={last < 0}
            onChange={({ target }) => onAt(target.valueAsNumber)}
            onPointerMove={follow}
            onPointerLeave={() => onAt(null)}
            onBlur={() => onAt(null)}
            className="peer absolute inset-0 size-full cursor-crosshair opacity-0"
          />
          <span
            aria-hidden
            className="pointer-events-none absolute -inset-x-1 -top-1 bottom-0 rounded-sm peer-focus-visible:ring-2 peer-focus-visible:ring-(--focus)"
          />
        </div>
        <div aria-hidden className="col-start-2 mt-1 flex justify-between leading-none">
          <span>{points[0] && formatCount(points[0].x)}</span>
          <span>{last > 0 && points[last] && formatCount(points[last].x)}</span>
        </div>
      </div>
      {note && <p className="text-2xs text-mute">{note}</p>}
    </figure>
  );
}

type Scale = { ticks: number[]; x: (index: number) => number; y: (value: number) => number };

function scaleOf(points: ChartPoint[], hasZero: boolean, leastSpan: number): Scale {
  const values = points.flatMap(({ y, low, high }) =>
    y === null ? [] : [y, low ?? y, high ?? y].filter(Number.isFinite),
  );
  if (hasZero) values.push(0);
  const [least, most] = values.length ? [lowestOf(values), highestOf(values)] : [0, 1];
  const missing = Math.max(0, leastSpan - (most - least));
  // What cannot be below zero is given its room above.
  const ticks = niceTicks(least - (hasZero ? 0 : missing / 2), most + missing / (hasZero ? 1 : 2));
  const [bottom = 0, top = 1] = [ticks[0], ticks.at(-1)];
  const last = points.length - 1;
  return {
    ticks,
    x: (index) => (last > 0 ? index / last : 0.5),
    y: (value) => (value - bottom) / (top - bottom),
  };
}

// Spread over arguments, a long run would be too many of them.
const lowestOf = (values: number[]) => values.reduce((one, other) => Math.min(one, other));
const highestOf = (values: number[]) => values.reduce((one, other) => Math.max(one, other));

type PlotProps = { points: ChartPoint[]; scale: Scale; color: string };

/** Drawn anew when its points change, and not when somebody looks along them. */
const Plot = memo(function Plot({ points, scale, color }: PlotProps) {
  const place = (index: number, value: number) =>
    `${(100 * scale.x(index)).toFixed(2)},${(100 - 100 * scale.y(value)).toFixed(2)}`;
  const pieces = piecesOf(points).map(thinned);
  return (
    <svg
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className="absolute inset-0 size-full overflow-visible"
      aria-hidden
    >
      {scale.ticks.map((tick) => (
        <line
          key={tick}
          x1="0"
          x2="100"
          y1={100 - 100 * scale.y(tick)}
          y2={100 - 100 * scale.y(tick)}
          stroke="var(--grid)"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {pieces.map((piece) => (
        <g key={piece[0]?.index}>
          {piece.some(({ low, high }) => low !== high) && (
            <polygon
              points={[
                ...piece.map(({ index, high }) => place(index, high)),
                ...piece.map(({ index, low }) => place(index, low)).toReversed(),
              ].join(" ")}
              fill={`var(--${color})`}
              opacity="0.16"
            />
          )}
          <polyline
            points={piece.map(({ index, y }) => place(index, y)).join(" ")}
            fill="none"
            stroke={`var(--${color})`}
            strokeWidth="1.6"
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </g>
      ))}
    </svg>
  );
});

type Placed = { index: number; y: number; low: number; high: number };

/** Where nothing was measured the line is broken, not drawn through. */
function piecesOf(points: ChartPoint[]): Placed[][] {
  const pieces: Placed[][] = [[]];
  points.forEach(({ y, low, high }, index) => {
    if (y === null) pieces.push([]);
    else pieces.at(-1)?.push({ index, y, low: low ?? y, high: high ?? y });
  });
  return pieces.filter((piece) => piece.length > 0);
}

// More than a screen has room for, beside and above each other.
const MOST_DRAWN = 1000;

/** As many points as can be told apart: of each stretch the lowest and the highest. */
function thinned(piece: Placed[]): Placed[] {
  if (piece.length <= MOST_DRAWN) return piece;
  const stretch = Math.ceil((2 * piece.length) / MOST_DRAWN);
  const kept: Placed[] = [];
  for (let start = 0; start < piece.length; start += stretch) {
    const [first, ...rest] = piece.slice(start, start + stretch);
    if (!first) continue;
    let [lowest, highest] = [first, first];
    for (const one of rest) {
      if (one.y < lowest.y) lowest = one;
      if (one.y > highest.y) highest = one;
    }
    kept.push(...(lowest.index < highest.index ? [lowest, highest] : [highest, lowest]));
  }
  const end = piece.at(-1);
  return end ? [...kept, end] : kept;
}

function saidOf({ y, low, high }: ChartPoint, format: (value: number) => string): string {
  if (y === null) return "";
  const said = format(y);
  if (low === undefined || high === undefined) return said;
  return t`${said} (${format(low)} to ${format(high)})`;
}
