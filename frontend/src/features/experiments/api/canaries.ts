import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Canary, CanaryDetail, Page } from "@/client/contract";
import { api, query } from "@/lib/api";

export const canaryKeys = {
  all: (tenant: string) => [tenant, "evolution.canary"] as const,
  list: (tenant: string, status: string) => [...canaryKeys.all(tenant), "list", status] as const,
  one: (tenant: string, id: string) => [...canaryKeys.all(tenant), "one", id] as const,
};

export const useCanaries = (tenant: string, status = "") =>
  useQuery({
    queryKey: canaryKeys.list(tenant, status),
    queryFn: ({ signal }) =>
      api<Page<Canary>>(`/t/${tenant}/canaries/${query({ status, limit: 100 })}`, { signal }),
    select: (page) => page.results,
    placeholderData: keepPreviousData,
  });

export const useCanary = (tenant: string, id: string | null) =>
  useQuery({
    queryKey: canaryKeys.one(tenant, id ?? ""),
    queryFn: ({ signal }) => api<CanaryDetail>(`/t/${tenant}/canaries/${id}/`, { signal }),
    enabled: id !== null,
  });

export function useStopCanary(tenant: string, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (promote: boolean) =>
      api<CanaryDetail>(`/t/${tenant}/canaries/${id}/stop/`, {
        method: "POST",
        body: { promote },
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: canaryKeys.all(tenant) });
      void queryClient.invalidateQueries({ queryKey: [tenant, "skills.skill"] });
    },
  });
}
