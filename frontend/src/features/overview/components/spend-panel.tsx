import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { LimitNow } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { Meter } from "@/components/meter";
import { Panel } from "@/components/panel";
import { formatMoney } from "@/lib/money";
import { partSpent } from "@/lib/spending";
import { useTenant } from "@/lib/tenant";
import { useLimits } from "../api/spending";

/** As many as can be taken in at a glance; the page of budgets has them all. */
const MOST = 3;

/** What is spent of the budgets, the fullest first. */
export function SpendPanel() {
  const { slug: tenant } = useTenant();
  const limits = useLimits(tenant);
  if (!limits.data) return null;
  const bars = limits.data.flatMap(barsOf).sort((one, other) => other.part - one.part);
  return (
    <Panel
      title={t`Spend against budget`}
      aside={
        <Link to="/t/$tenant/budgets" params={{ tenant }} className={buttonClass()}>
          <Trans>Budgets</Trans>
        </Link>
      }
    >
      {bars.length === 0 ? (
        <p className="px-3.5 py-3 text-sm text-mute">
          <Trans>No budget is set: requests are counted, and none is refused for its cost.</Trans>
        </p>
      ) : (
        <ul className="flex flex-col gap-2.5 px-3.5 py-3">
          {bars.slice(0, MOST).map(({ id, name, spent, of, part }) => (
            <li key={id}>
              <Meter
                name={name}
                part={part}
                text={t`${formatMoney(spent)} of ${formatMoney(of)}`}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

type Spent = { id: string; name: string; spent: number; of: number; part: number };

function barsOf({ limit, day_micros, month_micros }: LimitNow): Spent[] {
  const whose = limit.subject_name || t`Workspace`;
  const bar = (id: string, name: string, spent: number, of: number | null): Spent[] =>
    of === null ? [] : [{ id, name, spent, of, part: partSpent(spent, of) }];
  return [
    ...bar(`${limit.id}-day`, t`${whose}, today`, day_micros, limit.day_micros),
    ...bar(`${limit.id}-month`, t`${whose}, this month`, month_micros, limit.month_micros),
  ];
}
