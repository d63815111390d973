import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { WorkspaceDeletion } from "@/client/contract";
import { api } from "@/lib/api";

const deletionKey = (tenant: string) => [tenant, "exports.deletion"] as const;

export const useDeletion = (tenant: string) =>
  useQuery({
    queryKey: deletionKey(tenant),
    queryFn: ({ signal }) => api<WorkspaceDeletion>(`/t/${tenant}/deletion/`, { signal }),
  });

export function useAskDeletion(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api<WorkspaceDeletion>(`/t/${tenant}/deletion/`, { method: "POST", body: { name } }),
    onSuccess: (state) => queryClient.setQueryData(deletionKey(tenant), state),
  });
}

export function useUndoDeletion(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api<WorkspaceDeletion>(`/t/${tenant}/deletion/`, { method: "DELETE" }),
    onSuccess: (state) => queryClient.setQueryData(deletionKey(tenant), state),
  });
}
