import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { AuditEvent, AuditReport, Page } from "@/client/contract";
import { api, query } from "@/lib/api";
import { type AuditFilters, asked } from "../filters";

const auditKeys = {
  all: (tenant: string) => [tenant, "tenants.audit"] as const,
  list: (tenant: string, filters: AuditFilters) => [...auditKeys.all(tenant), filters] as const,
};

export function useAudit(tenant: string, filters: AuditFilters, isWanted: boolean) {
  return useInfiniteQuery({
    queryKey: auditKeys.list(tenant, filters),
    queryFn: ({ pageParam, signal }) => {
      const search = query({ ...asked(filters), limit: 50, cursor: pageParam });
      return api<Page<AuditEvent>>(`/t/${tenant}/audit/${search}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.results),
    enabled: isWanted,
  });
}

export function useRefreshAudit(tenant: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: auditKeys.all(tenant) });
}

/** Reads the whole log on the server; asked for, never by itself. */
export const useVerifyAudit = (tenant: string) =>
  useMutation({ mutationFn: () => api<AuditReport>(`/t/${tenant}/audit/verify/`) });
