import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ListChecks } from "lucide-react";
import type { Overview } from "@/client/contract";
import { Button } from "@/components/button";
import { FilterSelect } from "@/components/filter-select";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useJobCounts, useJobs } from "./api/jobs";
import { JobList } from "./components/job-list";
import { JOB_STATUSES, type JobFilters, type JobStatus, parseJobFilters } from "./filters";
import { KIND_NAMES, STATUS } from "./words";

type Props = { filters: JobFilters; onFilters: (filters: JobFilters) => void };

/** Background work: what waits, what runs, and what was given up, with the reason. */
export function JobsPage({ filters, onFilters }: Props) {
  const { slug, may } = useTenant();
  const isAdmin = may("admin");
  const jobs = useJobs(slug, filters, isAdmin);
  return (
    <Page title={t`Jobs`} note={t`Work in the background; what is done goes after a while`}>
      <FilterBar filters={filters} onFilters={onFilters} />
      <Panel>
        {!isAdmin && (
          <p className="px-3.5 py-3 text-sm text-mute">
            <Trans>
              Admins and above see single jobs: their errors quote what others answered.
            </Trans>
          </p>
        )}
        {isAdmin && jobs.isPending && <LoadingRows rows={8} label={t`Loading jobs`} />}
        {jobs.isError && <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />}
        {jobs.isSuccess &&
          (jobs.data.length > 0 ? <JobList jobs={jobs.data} /> : <NoJobs filters={filters} />)}
      </Panel>
      {jobs.hasNextPage && (
        <div className="mt-3 text-center">
          <Button isBusy={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </Page>
  );
}

function FilterBar({ filters, onFilters }: Props) {
  const { slug, may } = useTenant();
  const counts = useJobCounts(slug, may("admin")).data;
  const set = (name: keyof JobFilters, value: string) =>
    onFilters(parseJobFilters({ ...filters, [name]: value }));
  return (
    <search aria-label={t`Filter jobs`} className="mb-3 flex flex-wrap items-center gap-2">
      <FilterSelect
        label={t`Status`}
        any={t`Status: any`}
        value={filters.status}
        options={JOB_STATUSES.map((status) => [status, statusName(status, counts)])}
        onChange={(value) => set("status", value)}
      />
      <FilterSelect
        label={t`Kind`}
        any={t`Kind: any`}
        value={filters.kind}
        options={KIND_NAMES}
        onChange={(value) => set("kind", value)}
      />
    </search>
  );
}

/** With how many jobs there are; of done ones nobody counts what was cleared away. */
function statusName(status: JobStatus, counts: Overview["jobs"] | undefined): string {
  const { text } = STATUS[status];
  return counts && status !== "done" ? `${text} (${formatCount(counts[status])})` : text;
}

function NoJobs({ filters }: { filters: JobFilters }) {
  if (filters.status === "dead")
    return (
      <EmptyState icon={ListChecks} title={t`Nothing was given up`}>
        <Trans>
          Work that fails is tried again by itself; what fails every time is kept here with the
          reason.
        </Trans>
      </EmptyState>
    );
  return (
    <EmptyState icon={ListChecks} title={t`No job like this`}>
      <Trans>Scoring, learning, exports and training leave jobs here.</Trans>
    </EmptyState>
  );
}
