import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { Windows } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { formatHour } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { joinedSlots } from "@/lib/windows";
import { useWindowsAhead } from "../api/training";

const DAY_MS = 24 * 3_600_000;
const MARKS = [0, 6, 12, 18, 24];

/** When training may run in the next day, in the reader's own time. */
export function WindowsPanel() {
  const { slug: tenant } = useTenant();
  const windows = useWindowsAhead(tenant).data;
  if (!windows) return null;
  return (
    <Panel
      title={t`Training windows, next 24 hours`}
      aside={
        <Link to="/t/$tenant/windows" params={{ tenant }} className={buttonClass()}>
          <Trans>Windows</Trans>
        </Link>
      }
    >
      <div className="flex flex-col gap-2 px-3.5 py-3">
        <Strip windows={windows} />
        <p className="text-xs text-mute">
          {saidText(windows.verdict.sentence, windows.verdict.sentence_said)}
        </p>
      </div>
    </Panel>
  );
}

type Span = { from: number; to: number; text: string; isOpen: boolean };

function Strip({ windows }: { windows: Windows }) {
  const now = useNow();
  const spans = spansOf(windows, now);
  return (
    <div>
      <ul className="relative h-6 overflow-hidden rounded-sm bg-sunk">
        {spans.map(({ from, to, text, isOpen }) => (
          <li
            key={`${isOpen}${from}`}
            title={text}
            className={clsx("absolute inset-y-0", isOpen ? "rounded-sm bg-ok/70" : "bg-warn/40")}
            style={{ left: `${100 * from}%`, width: `${100 * (to - from)}%` }}
          >
            <span className="sr-only">{text}</span>
          </li>
        ))}
      </ul>
      <div className="mt-1 flex justify-between text-2xs text-mute tabular-nums" aria-hidden>
        {MARKS.map((hours) => (
          <Moment
            key={hours}
            at={new Date(now + (hours / 24) * DAY_MS).toISOString()}
            look="hour"
            isStop={false}
          />
        ))}
      </div>
    </div>
  );
}

/** Parts of the next day, from 0 to 1; windows over what is in their way. */
function spansOf({ forecast, blocked }: Windows, now: number): Span[] {
  const part = (iso: string) => Math.min(1, Math.max(0, (Date.parse(iso) - now) / DAY_MS));
  const range = (from: string, to: string) => `${formatHour(from)}–${formatHour(to)}`;
  const busy = blocked.map((span) => ({
    from: part(span.starts_at),
    to: part(span.ends_at),
    text: `${span.label} ${range(span.starts_at, span.ends_at)}`,
    isOpen: false,
  }));
  const open = joinedSlots(forecast).map((slot) => ({
    from: part(slot.opens_at),
    to: part(slot.closes_at),
    text: t`Window ${range(slot.opens_at, slot.closes_at)}`,
    isOpen: true,
  }));
  return [...busy, ...open].filter(({ from, to }) => to > from);
}
