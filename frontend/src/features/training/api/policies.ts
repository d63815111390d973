import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  Page,
  TrainingPolicy,
  TrainingPolicyCheck,
  TrainingPolicyInput,
} from "@/client/contract";
import { api } from "@/lib/api";

const policyKeys = {
  all: (tenant: string) => [tenant, "training.policy"] as const,
  one: (tenant: string, id: string) => [...policyKeys.all(tenant), "one", id] as const,
  // Below the connections: another key or address may answer differently.
  check: (tenant: string, id: string) => [tenant, "upstreams.upstream", "trainer", id] as const,
};

const address = (tenant: string, id: string) => `/t/${tenant}/training/policies/${id}/`;

/** By name. */
export const usePolicies = (tenant: string) =>
  useQuery({
    queryKey: [...policyKeys.all(tenant), "list"],
    queryFn: ({ signal }) =>
      api<Page<TrainingPolicy>>(`/t/${tenant}/training/policies/?limit=200`, { signal }),
    select: (page) => page.results.toSorted((a, b) => a.name.localeCompare(b.name)),
  });

export const usePolicy = (tenant: string, id: string) =>
  useQuery({
    queryKey: policyKeys.one(tenant, id),
    queryFn: ({ signal }) => api<TrainingPolicy>(address(tenant, id), { signal }),
  });

/** Asks the trainer whether it could begin; that takes it seconds, so not at every look. */
export const usePolicyCheck = (tenant: string, id: string, isAllowed: boolean) =>
  useQuery({
    queryKey: policyKeys.check(tenant, id),
    queryFn: ({ signal }) =>
      api<TrainingPolicyCheck>(`${address(tenant, id)}check/`, { method: "POST", signal }),
    enabled: isAllowed,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });

/** Creates a policy, or changes the named settings of the one with this id. */
export function useSavePolicy(tenant: string, id: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Partial<TrainingPolicyInput>) =>
      id
        ? api<TrainingPolicy>(address(tenant, id), { method: "PATCH", body })
        : api<TrainingPolicy>(`/t/${tenant}/training/policies/`, { method: "POST", body }),
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: policyKeys.all(tenant) });
      void queryClient.invalidateQueries({ queryKey: policyKeys.check(tenant, saved.id) });
    },
  });
}

export function useDeletePolicy(tenant: string, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api<void>(address(tenant, id), { method: "DELETE" }),
    onSuccess: () => {
      queryClient.removeQueries({ queryKey: policyKeys.one(tenant, id) });
      return queryClient.invalidateQueries({ queryKey: policyKeys.all(tenant) });
    },
  });
}
