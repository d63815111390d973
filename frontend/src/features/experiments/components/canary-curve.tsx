import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { CanaryDetail } from "@/client/contract";
import { formatChange } from "@/lib/format";

const WIDTH = 320;
const HEIGHT = 96;

/** The difference as it became known, with its bounds; the table says the same in numbers. */
export function CanaryCurve({ canary }: { canary: CanaryDetail }) {
  const { curve } = canary;
  const last = curve.at(-1);
  if (!last)
    return (
      <p className="text-sm text-mute">
        <Trans>No pair of sessions has ended yet.</Trans>
      </p>
    );
  const x = (pairs: number) => (pairs / last.pairs) * WIDTH;
  const y = (value: number) => HEIGHT / 2 - (value * HEIGHT) / 2;
  const upper = curve.map((at) => `${x(at.pairs).toFixed(1)},${y(at.high).toFixed(1)}`);
  const lower = curve.map((at) => `${x(at.pairs).toFixed(1)},${y(at.low).toFixed(1)}`);
  const line = curve.map((at) => `${x(at.pairs).toFixed(1)},${y(at.difference).toFixed(1)}`);
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-1 text-2xs text-mute">
      <div aria-hidden className="flex h-28 flex-col justify-between text-right leading-none">
        <span>+1</span>
        <span>0</span>
        <span>−1</span>
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="col-start-2 h-28 w-full rounded-sm bg-bg"
        preserveAspectRatio="none"
        role="img"
        aria-label={t`After ${last.pairs} pairs the difference is ${formatChange(last.difference)}, from ${formatChange(last.low)} to ${formatChange(last.high)}`}
      >
        <polygon
          points={[...upper, ...lower.toReversed()].join(" ")}
          fill="var(--s1)"
          opacity="0.2"
        />
        <line x1="0" x2={WIDTH} y1={y(0)} y2={y(0)} stroke="var(--mute)" strokeDasharray="3 3" />
        <polyline
          points={line.join(" ")}
          fill="none"
          stroke="var(--s1)"
          strokeWidth="1.6"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div aria-hidden className="col-start-2 flex justify-between">
        <span>0</span>
        <span>
          <Trans>{plural(last.pairs, { one: "# pair", other: "# pairs" })} of sessions</Trans>
        </span>
      </div>
    </div>
  );
}
