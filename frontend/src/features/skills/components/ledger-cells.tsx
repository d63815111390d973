import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { LedgerLine } from "@/client/contract";
import { Sparkline } from "@/components/sparkline";
import { formatCompact, formatCount } from "@/lib/format";
import { numberLocale } from "@/lib/locale";

const money = new Intl.NumberFormat(numberLocale(), {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 4,
});
const points = (share: number) => `${share > 0 ? "+" : ""}${Math.round(100 * share)}`;

/** What the lift was measured in. */
const CONTROLS: Record<string, string> = { canary: t`canary`, replay: t`replay` };

/** Success with it minus success without it; in words where nothing was held against it. */
export function LiftCell({ lift }: { lift: LedgerLine["lift"] }) {
  if (!lift)
    return (
      <span className="whitespace-nowrap text-mute">
        <Trans>no control</Trans>
      </span>
    );
  const tone = lift.low > 0 ? "text-ok" : lift.high < 0 ? "text-bad" : undefined;
  const control = lift.control === "canary" ? t`pairs of sessions` : t`turns asked both ways`;
  return (
    <span
      className="whitespace-nowrap"
      title={t`Percentage points of success, over ${formatCount(lift.pairs)} ${control}${
        lift.is_simulated ? t` by the practice model` : ""
      }`}
    >
      <span className={tone}>{points(lift.difference)}</span>{" "}
      <span className="block text-xs text-mute">
        <Trans>
          {points(lift.low)} to {points(lift.high)}, {CONTROLS[lift.control] ?? lift.control}
        </Trans>
      </span>
    </span>
  );
}

export function CostCell({ line }: { line: LedgerLine }) {
  const unpriced =
    line.unpriced > 0
      ? t`; ${plural(line.unpriced, { one: "# turn", other: "# turns" })} without a price`
      : "";
  return (
    <span
      className="whitespace-nowrap"
      title={t`Tokens added to prompts, and what they cost${unpriced}`}
    >
      {formatCompact(line.tokens_added)}{" "}
      <span className="block text-xs text-mute">{money.format(line.micros_added / 1_000_000)}</span>
    </span>
  );
}

/** What retrieval multiplies its relevance by. */
export function FactorCell({ factor }: { factor: number }) {
  const tone = factor > 1 ? "text-ok" : factor < 1 ? "text-warn" : "text-mute";
  return <span className={tone}>×{factor.toFixed(2)}</span>;
}

export function TrendCell({ daily }: { daily: number[] }) {
  const uses = daily.reduce((sum, day) => sum + day, 0);
  return (
    <span className="flex items-center justify-end gap-2" title={t`Uses by day`}>
      {uses > 0 && <Sparkline values={daily} color="accent" className="h-4 w-12" />}
      <span className={uses === 0 ? "text-mute" : undefined}>{formatCompact(uses)}</span>
    </span>
  );
}
