import { t } from "@lingui/core/macro";
import { Page } from "@/components/page";
import { JudgingPanel } from "./components/judging-panel";
import { LimitsPanel } from "./components/limits-panel";
import { UsagePanel } from "./components/usage-panel";
import type { BudgetSearch } from "./search";

type Props = { search: BudgetSearch; onSearch: (search: BudgetSearch) => void };

export function BudgetsPage({ search, onSearch }: Props) {
  return (
    <Page title={t`Budgets & usage`} note={t`What is spent, and what may be`}>
      <LimitsPanel
        // A dialog that was asked for with the address begins anew with another.
        key={search.limit}
        wanted={search.limit}
        onClose={() => search.limit && onSearch({})}
      />
      <UsagePanel />
      <JudgingPanel />
    </Page>
  );
}
