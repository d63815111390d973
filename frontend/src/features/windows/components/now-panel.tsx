import { t } from "@lingui/core/macro";
import { CalendarClock, CirclePause, CirclePlay } from "lucide-react";
import type { Windows } from "@/client/contract";
import { lengthText } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useNow } from "@/lib/use-now";

/** Open or not, why, and how long until that changes. */
export function NowPanel({ windows: { verdict } }: { windows: Windows }) {
  const now = useNow();
  const Icon = iconOf(verdict);
  const changes = verdict.is_open ? verdict.closes_at : verdict.next_opens_at;
  return (
    <div role="status" className="flex flex-wrap items-start gap-x-3 gap-y-2 px-3.5 py-3">
      <span
        className={
          verdict.is_open
            ? "grid size-9 place-items-center rounded-lg bg-ok-soft text-ok"
            : "grid size-9 place-items-center rounded-lg bg-sunk text-mute"
        }
      >
        <Icon className="size-4" aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-base font-semibold">{titleOf(verdict)}</p>
        <p className="max-w-[70ch] text-sm text-mute">
          {saidText(verdict.sentence, verdict.sentence_said)}
        </p>
      </div>
      {changes && (
        <p className="text-right text-sm text-mute">
          {verdict.is_open ? t`closes in` : t`opens in`}
          <span className="block text-base font-medium text-ink tabular-nums">
            {lengthText((Date.parse(changes) - now) / 60_000)}
          </span>
        </p>
      )}
    </div>
  );
}

type Verdict = Windows["verdict"];

function titleOf({ is_open, code }: Verdict): string {
  if (is_open) return t`A window is open`;
  return code === "no_rules" ? t`No windows yet` : t`No window is open`;
}

function iconOf({ is_open, code }: Verdict) {
  if (is_open) return CirclePlay;
  return code === "no_rules" ? CalendarClock : CirclePause;
}
