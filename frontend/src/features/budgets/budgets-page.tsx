import type { Limit } from "@/client/contract";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useLimitsNow } from "./api/budgets";
import { BudgetBars } from "./components/budget-bars";
import { UsagePanel } from "./components/usage-panel";

export function BudgetsPage() {
  const { slug } = useTenant();
  const limits = useLimitsNow(slug);
  const withMoney = limits.data?.filter(
    ({ limit }) => limit.day_micros !== null || limit.month_micros !== null,
  );
  return (
    <Page title="Budgets & usage" note="What is spent, and what may be">
      <Panel title="Budgets">
        {limits.isPending && <LoadingRows rows={2} label="Loading budgets" />}
        {limits.isError && (
          <ErrorState error={limits.error} onRetry={() => void limits.refetch()} />
        )}
        {withMoney &&
          (withMoney.length > 0 ? (
            <ul className="divide-y divide-line">
              {withMoney.map((now) => (
                <BudgetBars key={now.limit.id} now={now} name={nameOf(now.limit)} />
              ))}
            </ul>
          ) : (
            <p className="px-3.5 py-3 text-sm text-mute">
              No budget is set: requests are counted, and none is refused for its cost.
            </p>
          ))}
      </Panel>
      <UsagePanel />
    </Page>
  );
}

function nameOf({ scope, subject }: Limit): string {
  return subject ? `${scope} ${subject}` : "Workspace";
}
