import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import type { Windows } from "@/client/contract";
import { clockText, DAY_MINUTES, dayName, daysOf, localOf } from "@/lib/local-time";
import { joinedSlots } from "@/lib/windows";

const DAYS = 7;
const HOURS = [0, 6, 12, 18, 24];

type Part = { day: number; from: number; to: number; look: "open" | "busy"; label: string };

/** The windows of the next days, a row for each day of the workspace. */
export function WeekStrip({ windows }: { windows: Windows }) {
  const zone = windows.time_zone;
  const today = localOf(windows.at, zone);
  const parts = partsOf(windows);
  if (windows.forecast.length === 0 && windows.blocked.length === 0)
    return (
      <p className="px-3.5 py-3 text-sm text-mute">
        <Trans>
          No window is expected. Windows after a silence cannot be foreseen; they show when they
          open.
        </Trans>
      </p>
    );
  return (
    <div className="px-3.5 py-3">
      <ul className="flex flex-col gap-1.5">
        {Array.from({ length: DAYS }, (_, index) => today.day + index).map((day) => (
          <Day
            key={day}
            day={day}
            now={day === today.day ? today.minutes : null}
            parts={parts.filter((part) => part.day === day)}
          />
        ))}
      </ul>
      <Scale />
    </div>
  );
}

function Day({ day, now, parts }: { day: number; now: number | null; parts: Part[] }) {
  const open = parts.filter(({ look }) => look === "open");
  return (
    <li className="grid grid-cols-[76px_minmax(0,1fr)] items-center gap-x-3 sm:grid-cols-[76px_minmax(0,1fr)_168px]">
      <span className={clsx("text-xs whitespace-nowrap", now === null && "text-mute")}>
        {dayName(day)}
      </span>
      <div className="relative h-4 overflow-hidden rounded-sm bg-sunk" aria-hidden>
        {parts.map((part) => (
          <span
            key={`${part.look}${part.from}${part.label}`}
            title={`${part.label} ${rangeText(part)}`}
            className={clsx(
              "absolute inset-y-0",
              part.look === "open" ? "rounded-sm bg-ok/70" : "bg-warn/40",
            )}
            style={{ left: share(part.from), width: share(part.to - part.from) }}
          />
        ))}
        {now !== null && (
          <span className="absolute inset-y-0 w-px bg-accent" style={{ left: share(now) }} />
        )}
      </div>
      <span className="truncate text-xs text-mute tabular-nums max-sm:sr-only">
        {open.length > 0 ? open.map(rangeText).join(", ") : t`none`}
      </span>
    </li>
  );
}

function Scale() {
  return (
    <div
      className="mt-1 grid grid-cols-[76px_minmax(0,1fr)] gap-x-3 sm:grid-cols-[76px_minmax(0,1fr)_168px]"
      aria-hidden
    >
      <span className="col-start-2 flex justify-between text-2xs text-mute tabular-nums">
        {HOURS.map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </span>
    </div>
  );
}

function partsOf({ forecast, blocked, time_zone }: Windows): Part[] {
  const open = joinedSlots(forecast).flatMap((slot) =>
    daysOf(slot.opens_at, slot.closes_at, time_zone).map((part) => ({
      ...part,
      look: "open" as const,
      label: t`Window`,
    })),
  );
  // Days that are left out are known to be empty; what calendars say is worth a mark.
  const busy = blocked.flatMap((span) =>
    daysOf(span.starts_at, span.ends_at, time_zone).map((part) => ({
      ...part,
      look: "busy" as const,
      label: span.cause === "unknown" ? t`${span.label} does not answer` : span.label,
    })),
  );
  return [...busy, ...open];
}

const share = (minutes: number) => `${(100 * minutes) / DAY_MINUTES}%`;
const rangeText = ({ from, to }: Part) => `${clockText(from)}–${clockText(to)}`;
