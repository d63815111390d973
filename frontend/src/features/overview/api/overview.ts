import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Overview } from "@/client/contract";
import { api } from "@/lib/api";
import { askAgainAfter } from "@/lib/live";

const HOUR_MS = 3_600_000;

export const overviewQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, "overview"],
    queryFn: ({ signal }) => api<Overview>(`/t/${tenant}/overview/`, { signal }),
    // Live events refresh it; the clock moves its 24 hours by one.
    refetchInterval: () => askAgainAfter(HOUR_MS - (Date.now() % HOUR_MS)),
  });

export const useOverview = (tenant: string) => useQuery(overviewQuery(tenant));
