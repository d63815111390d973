import { useMutation } from "@tanstack/react-query";
import type { AuditEvent, AuditReport, Page } from "@/client/contract";
import { api, query } from "@/lib/api";
import { useLiveList } from "@/lib/live-list";
import { type AuditFilters, asked } from "../filters";

/** What was noted comes in on top; nothing of it ever changes. */
export const useAudit = (tenant: string, filters: AuditFilters, isWanted: boolean) =>
  useLiveList({
    headKey: [tenant, "tenants.audit", filters],
    olderKey: [tenant, "audit.older", filters],
    fetchPage: (cursor, signal) => {
      const search = query({ ...asked(filters), limit: 50, cursor });
      return api<Page<AuditEvent>>(`/t/${tenant}/audit/${search}`, { signal });
    },
    isWanted,
  });

/** Reads the whole log on the server; asked for, never by itself. */
export const useVerifyAudit = (tenant: string) =>
  useMutation({ mutationFn: () => api<AuditReport>(`/t/${tenant}/audit/verify/`) });
