import { Trans } from "@lingui/react/macro";
import { formatFigure } from "@/lib/format";

type Bounds = {
  value: number;
  low: number;
  high: number;
  /** So much worse is still good enough. */
  margin?: number;
};

type Props = Bounds & { label: string };

export function signed(value: number): string {
  return value > 0 ? `+${formatFigure(value)}` : formatFigure(value);
}

/** A difference with its bounds, in numbers and on a line with zero in the middle. */
export function Interval({ label, ...bounds }: Props) {
  const { value, low, high } = bounds;
  return (
    <div className="flex flex-col gap-1">
      <p className="flex flex-wrap justify-between gap-x-3 text-xs">
        <span className="text-mute">{label}</span>
        <span className="tabular-nums">
          {signed(value)}{" "}
          <span className="text-mute">
            <Trans>
              ({signed(low)} to {signed(high)})
            </Trans>
          </span>
        </span>
      </p>
      <IntervalLine {...bounds} />
    </div>
  );
}

/** The line alone; `reach` makes several of them comparable: it is the value at either end. */
export function IntervalLine({ value, low, high, margin, reach }: Bounds & { reach?: number }) {
  const end = reach ?? Math.max(Math.abs(low), Math.abs(high), margin ?? 0, 0.05) * 1.15;
  const at = (n: number) => `${50 + (50 * n) / end}%`;
  return (
    <div aria-hidden className="relative h-3 rounded-sm bg-sunk">
      <span className="absolute inset-y-0 w-px bg-line2" style={{ left: at(0) }} />
      {margin !== undefined && margin > 0 && (
        <span
          className="absolute inset-y-0 border-l border-dashed border-bad"
          style={{ left: at(-margin) }}
        />
      )}
      <span
        className="absolute top-[5px] h-0.5 rounded"
        style={{ left: at(low), right: `calc(100% - ${at(high)})`, background: "var(--s1)" }}
      />
      <span
        className="absolute top-[3px] size-1.5 -translate-x-1/2 rounded-full"
        style={{ left: at(value), background: "var(--s1)" }}
      />
    </div>
  );
}
