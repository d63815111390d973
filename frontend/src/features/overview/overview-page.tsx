import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { Page } from "@/components/page";
import { ErrorState } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useOverview } from "./api/overview";
import { ActivityPanel } from "./components/activity-panel";
import { JobsNote } from "./components/jobs-note";
import { LoopStrip } from "./components/loop-strip";
import { OutcomesPanel } from "./components/outcomes-panel";
import { SpendPanel } from "./components/spend-panel";
import { SuccessPanel } from "./components/success-panel";
import { WindowsPanel } from "./components/windows-panel";

export function OverviewPage({ actions }: { actions?: ReactNode }) {
  const { slug } = useTenant();
  const overview = useOverview(slug);

  return (
    <Page title={t`Overview`} note={t`Last 24 hours`} actions={actions}>
      {overview.isPending && <OverviewBones />}
      {overview.isError && (
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {overview.isSuccess && (
        <div className="flex flex-col gap-4">
          <LoopStrip overview={overview.data} />
          <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_336px]">
            <div className="flex min-w-0 flex-col gap-4">
              <SuccessPanel series={overview.data.series} moments={overview.data.moments} />
              <WindowsPanel />
              <OutcomesPanel outcomes={overview.data.outcomes} />
              <JobsNote jobs={overview.data.jobs} />
            </div>
            <div className="flex min-w-0 flex-col gap-4">
              <ActivityPanel events={overview.data.activity} />
              <SpendPanel />
            </div>
          </div>
        </div>
      )}
    </Page>
  );
}

/** The shape of the page while its numbers are on their way. */
function OverviewBones() {
  const box = "bone rounded-lg border border-line bg-panel";
  return (
    <div role="status" aria-label={t`Loading the overview`} className="flex flex-col gap-4">
      <div className={`${box} h-[92px]`} />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_336px]">
        <div className={`${box} h-[330px]`} />
        <div className={`${box} h-[330px]`} />
      </div>
    </div>
  );
}
