import { clsx } from "clsx";
import type { LimitNow } from "@/client/contract";
import { formatTime } from "@/lib/format";
import { formatMoney } from "../money";

/** One limit: what is spent of its day and its month, and when each begins again. */
export function BudgetBars({ now, name }: { now: LimitNow; name: string }) {
  const { limit } = now;
  return (
    <li className="flex flex-col gap-2 px-3.5 py-3">
      <span className="text-sm font-medium break-all">{name}</span>
      <Bar
        label={`${name}, today`}
        spent={now.day_micros}
        of={limit.day_micros}
        ends={now.day_ends_at}
      />
      <Bar
        label={`${name}, this month`}
        spent={now.month_micros}
        of={limit.month_micros}
        ends={now.month_ends_at}
      />
    </li>
  );
}

type BarProps = { label: string; spent: number; of: number | null; ends: string };

function Bar({ label, spent, of, ends }: BarProps) {
  if (of === null) return null;
  // A budget of nothing is used up from the start.
  const part = of === 0 ? 100 : Math.min(100, (100 * spent) / of);
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap justify-between gap-x-3 text-xs tabular-nums">
        <span>
          {label.split(", ").at(-1)}: {formatMoney(spent)} of {formatMoney(of)}
        </span>
        <span className="text-mute">renews {formatTime(ends)}</span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part)}
        aria-valuetext={`${formatMoney(spent)} of ${formatMoney(of)}`}
        className="h-1.5 overflow-hidden rounded bg-sunk"
      >
        <div
          className={clsx("h-full", part >= 100 ? "bg-bad" : part >= 80 ? "bg-warn" : "bg-ink")}
          style={{ width: `${part}%` }}
        />
      </div>
    </div>
  );
}
