import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { lazy, Suspense } from "react";
import type { TrainingPolicy } from "@/client/contract";
import { buttonClass } from "@/components/button";
import { Page } from "@/components/page";
import { ErrorState, LoadingBlock } from "@/components/states";
import { TabList, TabPanel, Tabs } from "@/components/tabs";
import { useTenant } from "@/lib/tenant";
import { useJobs } from "./api/jobs";
import { usePolicy } from "./api/policies";
import { BudgetPanel } from "./components/budget-panel";
import { CheckBanner } from "./components/check-banner";
import { CheckpointsPanel } from "./components/checkpoints-panel";
import { CurvesPanel } from "./components/curves-panel";
import { JobPanel } from "./components/job-panel";
import { JobsPanel } from "./components/jobs-panel";
import { ModelName } from "./components/model-name";
import { RolloutsPanel } from "./components/rollouts-panel";
import { StepsPanel } from "./components/steps-panel";
import type { PolicySearch } from "./search";

// A long form that few open while they watch a job.
const SettingsTab = lazy(async () => {
  const { SettingsTab: tab } = await import("./components/settings-tab");
  return { default: tab };
});

export type PolicyTab = "training" | "settings";

const TABS = [
  { value: "training" as const, label: t`Training` },
  { value: "settings" as const, label: t`Settings` },
];

type Props = {
  policyId: string;
  /** Of jobs it names whose curves to show: the latest one's unless it does. */
  search: PolicySearch;
  onTab: (tab: PolicyTab) => void;
  /** Look at its episodes, or not any more. */
  onRollout: (id: string | null) => void;
  onDeleted: () => void;
};

export function PolicyPage({ policyId, search, onTab, onRollout, onDeleted }: Props) {
  const { slug: tenant } = useTenant();
  const policy = usePolicy(tenant, policyId);
  if (policy.isPending) return <LoadingBlock label={t`Loading the policy`} className="flex-1" />;
  if (policy.isError) {
    return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />;
  }
  const { data } = policy;
  return (
    <Tabs
      value={search.tab ?? "training"}
      onChange={onTab}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Page
        title={
          <span className="flex items-center gap-1.5">
            <Link
              to="/t/$tenant/training"
              params={{ tenant }}
              aria-label={t`All policies`}
              className={buttonClass({ variant: "ghost", isIcon: true })}
            >
              <ChevronLeft aria-hidden />
            </Link>
            {data.name}
          </span>
        }
        note={<ModelName name={data.base_model} />}
        actions={<TabList label={t`Policy`} tabs={TABS} />}
      >
        <TabPanel value="training" className="flex flex-col gap-4">
          <CheckBanner policyId={policyId} />
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
            <Training policy={data} search={search} onRollout={onRollout} />
            <div className="flex min-w-0 flex-col gap-4">
              <CheckpointsPanel policy={data} named={search.checkpoint} />
              <BudgetPanel />
            </div>
          </div>
        </TabPanel>
        <TabPanel value="settings">
          <Suspense fallback={<LoadingBlock label={t`Loading the settings`} />}>
            <SettingsTab policy={data} onDeleted={onDeleted} />
          </Suspense>
        </TabPanel>
      </Page>
    </Tabs>
  );
}

type TrainingProps = Pick<Props, "search" | "onRollout"> & { policy: TrainingPolicy };

function Training({ policy, search, onRollout }: TrainingProps) {
  const { slug } = useTenant();
  const jobs = useJobs(slug, policy.id);
  if (jobs.isPending) return <LoadingBlock label={t`Loading jobs`} />;
  if (jobs.isError) return <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />;
  const latest = jobs.data[0];
  // An address may name a job that is gone.
  const shown = jobs.data.find(({ id }) => id === search.job) ?? latest;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <JobPanel policy={policy} latest={latest} />
      {shown && (
        <>
          <CurvesPanel
            job={shown}
            title={shown === latest ? t`Curves` : t`Curves of an earlier job`}
          />
          <StepsPanel job={shown} />
        </>
      )}
      {jobs.data.length > 0 && <JobsPanel jobs={jobs.data} shown={shown?.id} />}
      <RolloutsPanel policy={policy} named={search.rollout} onLook={onRollout} />
    </div>
  );
}
