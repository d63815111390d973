import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiKey, CreatedApiKey, NewApiKey, Page } from "@/client/contract";
import { api } from "@/lib/api";

export const keyKeys = {
  all: (tenant: string) => [tenant, "tenants.key"] as const,
};

export const useKeys = (tenant: string) =>
  useQuery({
    queryKey: keyKeys.all(tenant),
    queryFn: ({ signal }) => api<Page<ApiKey>>(`/t/${tenant}/keys/?limit=200`, { signal }),
    select: (page) => page.results,
  });

export function useCreateKey(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (key: NewApiKey) =>
      api<CreatedApiKey>(`/t/${tenant}/keys/`, { method: "POST", body: key }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyKeys.all(tenant) }),
    // The secret must not outlive the dialog that shows it.
    gcTime: 0,
  });
}

export function useRevokeKey(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<ApiKey>(`/t/${tenant}/keys/${id}/revoke/`, { method: "POST" }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyKeys.all(tenant) }),
  });
}
