import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Overview } from "@/client/contract";
import { api } from "@/lib/api";

export const overviewQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, "overview"],
    queryFn: ({ signal }) => api<Overview>(`/t/${tenant}/overview/`, { signal }),
    // Live events refresh it; the clock only moves the 24 hour window.
    refetchInterval: 60_000,
  });

export const useOverview = (tenant: string) => useQuery(overviewQuery(tenant));
