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

/** A new secret for the same key; the old one works on for so many hours. */
export function useRotateKey(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, overlap_hours }: { id: string; overlap_hours: number }) =>
      api<CreatedApiKey>(`/t/${tenant}/keys/${id}/rotate/`, {
        method: "POST",
        body: { overlap_hours },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyKeys.all(tenant) }),
    gcTime: 0,
  });
}

export function useFinishRotation(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      api<ApiKey>(`/t/${tenant}/keys/${id}/rotate/finish/`, { method: "POST" }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyKeys.all(tenant) }),
  });
}
