import { CircleAlert, Check as Tick, X } from "lucide-react";
import type { Check } from "@/client/contract";

const MARK = {
  ok: { Icon: Tick, tone: "text-ok", name: "passed" },
  warn: { Icon: CircleAlert, tone: "text-warn", name: "warning" },
  fail: { Icon: X, tone: "text-bad", name: "failed" },
};

export function ChecksList({ checks }: { checks: Check[] }) {
  if (checks.length === 0) return <p className="text-mute">No checks were run.</p>;
  return (
    <ul className="flex flex-col gap-1">
      {checks.map(({ code, level, message }) => {
        const { Icon, tone, name } = MARK[level];
        return (
          <li key={code} className="flex gap-2">
            <Icon className={`mt-[3px] size-3.5 shrink-0 ${tone}`} aria-label={name} role="img" />
            <span className="min-w-0 break-words">{message}</span>
          </li>
        );
      })}
    </ul>
  );
}
