import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import type { Outcome, Overview } from "@/client/contract";
import { OUTCOME_TEXT } from "@/components/outcome-tag";
import { Panel } from "@/components/panel";
import { formatCount, formatPercent } from "@/lib/format";
import { useTenant } from "@/lib/tenant";

const PARTS: { outcome: Outcome; color: string; note: string }[] = [
  { outcome: "passed", color: "var(--s1)", note: t`the judge was satisfied` },
  { outcome: "failed", color: "var(--bad)", note: t`material for new skills` },
  { outcome: "neutral", color: "var(--s3)", note: t`neither good nor bad` },
  { outcome: "unscored", color: "var(--line2)", note: t`waiting for the judge` },
  { outcome: "error", color: "var(--warn)", note: t`cut off or refused` },
];

export function OutcomesPanel({ outcomes }: { outcomes: Overview["outcomes"] }) {
  const { slug } = useTenant();
  const total = PARTS.reduce((sum, { outcome }) => sum + outcomes[outcome], 0);
  return (
    <Panel title={t`Outcomes`}>
      <div className="p-3.5">
        <div className="mb-3 flex h-2 gap-px overflow-hidden rounded-sm bg-sunk" aria-hidden>
          {PARTS.map(({ outcome, color }) => (
            <span
              key={outcome}
              style={{ width: `${(100 * outcomes[outcome]) / (total || 1)}%`, background: color }}
            />
          ))}
        </div>
        <ul className="grid gap-x-6 sm:grid-cols-2 lg:grid-cols-5">
          {PARTS.map(({ outcome, color, note }) => (
            <li key={outcome}>
              <Link
                to="/t/$tenant/turns"
                params={{ tenant: slug }}
                search={{ outcome }}
                className="group block py-1"
              >
                <span className="flex items-center gap-1.5 text-sm text-mute group-hover:text-ink">
                  <span className="size-2 rounded-sm" style={{ background: color }} aria-hidden />
                  {OUTCOME_TEXT[outcome]}
                </span>
                <span className="text-base font-semibold group-hover:underline">
                  {formatCount(outcomes[outcome])}
                </span>{" "}
                <span className="text-xs text-mute">{formatPercent(outcomes[outcome], total)}</span>
                <span className="block text-xs text-mute">{note}</span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
