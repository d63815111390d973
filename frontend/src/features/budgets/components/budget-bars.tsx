import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { LimitNow } from "@/client/contract";
import { Meter } from "@/components/meter";
import { Moment } from "@/components/moment";
import { partSpent } from "@/lib/spending";
import { formatMoney } from "../money";

/** One limit: what is spent of its day and its month, and when each begins again. */
export function BudgetBars({ now, name }: { now: LimitNow; name: string }) {
  const { limit } = now;
  return (
    <div className="flex flex-col gap-2">
      <Bar
        name={t`today`}
        label={t`${name}, today`}
        spent={now.day_micros}
        of={limit.day_micros}
        ends={now.day_ends_at}
      />
      <Bar
        name={t`this month`}
        label={t`${name}, this month`}
        spent={now.month_micros}
        of={limit.month_micros}
        ends={now.month_ends_at}
      />
    </div>
  );
}

type BarProps = { name: string; label: string; spent: number; of: number | null; ends: string };

function Bar({ name, label, spent, of, ends }: BarProps) {
  if (of === null) return null;
  return (
    <Meter
      name={name}
      label={label}
      part={partSpent(spent, of)}
      text={t`${formatMoney(spent)} of ${formatMoney(of)}`}
      aside={
        <Trans>
          renews <Moment at={ends} />
        </Trans>
      }
    />
  );
}
