import { useQuery } from "@tanstack/react-query";
import type { UsageGroup, UsageReport } from "@/client/contract";
import { api, query } from "@/lib/api";

export const useUsage = (tenant: string, by: UsageGroup) =>
  useQuery({
    queryKey: [tenant, "usage.report", by] as const,
    queryFn: ({ signal }) => api<UsageReport>(`/t/${tenant}/usage/${query({ by })}`, { signal }),
  });
