import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { BackgroundJob, Overview, Page } from "@/client/contract";
import { api, query } from "@/lib/api";
import type { JobFilters } from "../filters";

const jobKeys = {
  all: (tenant: string) => [tenant, "jobs.job"] as const,
  counts: (tenant: string) => [...jobKeys.all(tenant), "counts"] as const,
  list: (tenant: string, filters: JobFilters) => [...jobKeys.all(tenant), filters] as const,
};

export function useJobs(tenant: string, filters: JobFilters, isWanted: boolean) {
  return useInfiniteQuery({
    queryKey: jobKeys.list(tenant, filters),
    queryFn: ({ pageParam, signal }) => {
      const search = query({ ...filters, limit: 50, cursor: pageParam });
      return api<Page<BackgroundJob>>(`/t/${tenant}/jobs/${search}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.results),
    enabled: isWanted,
  });
}

/** How many there are of each status; everybody may know that. */
export const useJobCounts = (tenant: string, isAdmin: boolean) =>
  useQuery({
    // Admins hear of each job; the overview, which every page has, is not read anew for that.
    queryKey: isAdmin ? jobKeys.counts(tenant) : [tenant, "overview"],
    queryFn: ({ signal }) => api<Overview>(`/t/${tenant}/overview/`, { signal }),
    select: ({ jobs }) => jobs,
  });

export function useRetryJob(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      api<BackgroundJob>(`/t/${tenant}/jobs/${id}/retry/`, { method: "POST" }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: jobKeys.all(tenant) }),
  });
}
