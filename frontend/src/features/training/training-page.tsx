import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { usePolicies } from "./api/policies";
import { BudgetPanel } from "./components/budget-panel";
import { FunnelPanel } from "./components/funnel-panel";
import { GettingStarted } from "./components/getting-started";
import { PoliciesPanel } from "./components/policies-panel";
import { TaskSetsPanel } from "./components/task-sets-panel";
import { WindowPanel } from "./components/window-line";

// A long form that few open.
const PolicyDialog = lazy(async () => {
  const { PolicyDialog: dialog } = await import("./components/policy-dialog");
  return { default: dialog };
});

export function TrainingPage() {
  const { slug, may } = useTenant();
  const policies = usePolicies(slug);
  const [isAdding, setIsAdding] = useState(false);
  const reason = may("admin") ? undefined : t`Admins and above set up training.`;
  const addButton = (
    <Button
      variant="primary"
      disabled={reason !== undefined}
      title={reason}
      onClick={() => setIsAdding(true)}
    >
      <Plus aria-hidden />
      <Trans>New policy</Trans>
    </Button>
  );
  return (
    <Page
      title={t`Training`}
      note={t`Models that learn from how they did`}
      actions={policies.data && policies.data.length > 0 && addButton}
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_340px]">
        <div className="flex min-w-0 flex-col gap-4">
          {policies.isPending && (
            <Panel>
              <LoadingRows rows={3} label={t`Loading policies`} />
            </Panel>
          )}
          {policies.isError && (
            <Panel>
              <ErrorState error={policies.error} onRetry={() => void policies.refetch()} />
            </Panel>
          )}
          {policies.isSuccess &&
            (policies.data.length > 0 ? (
              <PoliciesPanel policies={policies.data} />
            ) : (
              <GettingStarted action={addButton} />
            ))}
          <FunnelPanel />
          <TaskSetsPanel />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <BudgetPanel />
          <WindowPanel />
        </div>
      </div>
      {isAdding && (
        <Suspense>
          <PolicyDialog onClose={() => setIsAdding(false)} />
        </Suspense>
      )}
    </Page>
  );
}
