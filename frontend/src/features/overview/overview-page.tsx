import type { ReactNode } from "react";
import { Page } from "@/components/page";
import { ErrorState, LoadingBlock } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useOverview } from "./api/overview";
import { ActivityPanel } from "./components/activity-panel";
import { JobsNote } from "./components/jobs-note";
import { LoopStrip } from "./components/loop-strip";
import { OutcomesPanel } from "./components/outcomes-panel";
import { SuccessPanel } from "./components/success-panel";

export function OverviewPage({ actions }: { actions?: ReactNode }) {
  const { slug } = useTenant();
  const overview = useOverview(slug);

  return (
    <Page title="Overview" note="Last 24 hours" actions={actions}>
      {overview.isPending && <LoadingBlock label="Loading the overview" />}
      {overview.isError && (
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {overview.isSuccess && (
        <div className="flex flex-col gap-4">
          <LoopStrip overview={overview.data} />
          <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_336px]">
            <div className="flex min-w-0 flex-col gap-4">
              <SuccessPanel series={overview.data.series} />
              <OutcomesPanel outcomes={overview.data.outcomes} />
              <JobsNote jobs={overview.data.jobs} />
            </div>
            <ActivityPanel events={overview.data.activity} />
          </div>
        </div>
      )}
    </Page>
  );
}
