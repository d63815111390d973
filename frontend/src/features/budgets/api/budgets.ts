import { useQuery } from "@tanstack/react-query";
import type { LimitNow, Page, UsageGroup, UsageReport } from "@/client/contract";
import { api, query } from "@/lib/api";

/** The limits with what is spent of them. Spending is read again while the page is open. */
export const useLimitsNow = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "usage.limit"] as const,
    queryFn: ({ signal }) => api<Page<LimitNow>>(`/t/${tenant}/usage/now/?limit=200`, { signal }),
    select: (page) => page.results,
    refetchInterval: 30_000,
  });

export const useUsage = (tenant: string, by: UsageGroup) =>
  useQuery({
    queryKey: [tenant, "usage.report", by] as const,
    queryFn: ({ signal }) => api<UsageReport>(`/t/${tenant}/usage/${query({ by })}`, { signal }),
    refetchInterval: 30_000,
  });
