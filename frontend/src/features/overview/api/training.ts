import { useQuery } from "@tanstack/react-query";
import type { Page, TrainingJob } from "@/client/contract";
import { api } from "@/lib/api";
import { windowsQuery } from "@/lib/windows";

/** The training job that was started last; null where none ever was. */
export const useLatestJob = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "training.job", "latest"],
    queryFn: ({ signal }) =>
      api<Page<TrainingJob>>(`/t/${tenant}/training/jobs/?limit=1`, { signal }),
    select: (page) => page.results[0] ?? null,
  });

/** When training may go on: now, and in the days to come. */
export const useWindowsAhead = (tenant: string) => useQuery(windowsQuery(tenant));
