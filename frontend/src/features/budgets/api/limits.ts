import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Agent, ApiKey, Limit, LimitInput, Page } from "@/client/contract";
import { api, query } from "@/lib/api";
import { spendingQuery } from "@/lib/spending";

const limitKeys = {
  all: (tenant: string) => [tenant, "usage.limit"] as const,
  list: (tenant: string) => [...limitKeys.all(tenant), "list"] as const,
};

export const useLimits = (tenant: string) =>
  useQuery({
    queryKey: limitKeys.list(tenant),
    queryFn: ({ signal }) =>
      api<Page<Limit>>(`/t/${tenant}/limits/${query({ limit: 200 })}`, { signal }),
    select: (page) => page.results,
  });

export const useLimitsNow = (tenant: string) =>
  useQuery({ ...spendingQuery(tenant), select: (page) => page.results });

/** Adds a limit, or changes the numbers of the one with this id. */
export function useSaveLimit(tenant: string, id: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ scope, subject, ...numbers }: LimitInput) =>
      id
        ? api<Limit>(`/t/${tenant}/limits/${id}/`, { method: "PATCH", body: numbers })
        : api<Limit>(`/t/${tenant}/limits/`, {
            method: "POST",
            body: { scope, subject, ...numbers },
          }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: limitKeys.all(tenant) }),
  });
}

export function useLiftLimit(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<void>(`/t/${tenant}/limits/${id}/`, { method: "DELETE" }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: limitKeys.all(tenant) }),
  });
}

/** Whom a limit may be for: the keys that can send requests, and the agents. */
export function useSubjects(tenant: string) {
  const keys = useQuery({
    queryKey: [tenant, "tenants.key"],
    queryFn: ({ signal }) => api<Page<ApiKey>>(`/t/${tenant}/keys/?limit=200`, { signal }),
    select: (page) => page.results,
  });
  const agents = useQuery({
    queryKey: [tenant, "tenants.agent"],
    queryFn: ({ signal }) => api<Page<Agent>>(`/t/${tenant}/agents/?limit=200`, { signal }),
    select: (page) => page.results,
  });
  return { keys: keys.data ?? [], agents: agents.data ?? [] };
}
