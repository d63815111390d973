import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Export, ExportRequest, Page, SigningKey } from "@/client/contract";
import { api } from "@/lib/api";

const exportKeys = {
  // The topic of live events about them.
  all: (tenant: string) => [tenant, "exports.export"] as const,
  keys: (tenant: string) => [tenant, "exports.key"] as const,
};

export const useExports = (tenant: string) =>
  useQuery({
    queryKey: exportKeys.all(tenant),
    queryFn: ({ signal }) => api<Page<Export>>(`/t/${tenant}/exports/`, { signal }),
    select: (page) => page.results,
  });

export const useSigningKeys = (tenant: string) =>
  useQuery({
    queryKey: exportKeys.keys(tenant),
    queryFn: ({ signal }) => api<Page<SigningKey>>(`/t/${tenant}/exports/keys/`, { signal }),
    select: (page) => page.results,
  });

export function useAskExport(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ExportRequest) =>
      api<Export>(`/t/${tenant}/exports/`, { method: "POST", body }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: exportKeys.all(tenant) });
      void queryClient.invalidateQueries({ queryKey: exportKeys.keys(tenant) });
    },
  });
}

export function useRemoveExport(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<Export>(`/t/${tenant}/exports/${id}/`, { method: "DELETE" }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: exportKeys.all(tenant) }),
  });
}

export const downloadUrl = (tenant: string, id: string) =>
  `/api/v1/t/${tenant}/exports/${id}/download/`;
