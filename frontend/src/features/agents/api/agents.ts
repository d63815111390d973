import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Agent, AgentInput, Page } from "@/client/contract";
import { api } from "@/lib/api";

const agentKey = (tenant: string) => [tenant, "tenants.agent"] as const;

export const useAgents = (tenant: string) =>
  useQuery({
    queryKey: agentKey(tenant),
    queryFn: ({ signal }) => api<Page<Agent>>(`/t/${tenant}/agents/?limit=200`, { signal }),
    select: (page) => page.results,
  });

/** Creates an agent, or changes the one with this id. */
export function useSaveAgent(tenant: string, id: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: AgentInput) =>
      id
        ? api<Agent>(`/t/${tenant}/agents/${id}/`, { method: "PATCH", body })
        : api<Agent>(`/t/${tenant}/agents/`, { method: "POST", body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: agentKey(tenant) }),
  });
}

export function useDeleteAgent(tenant: string, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api<void>(`/t/${tenant}/agents/${id}/`, { method: "DELETE" }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: agentKey(tenant) }),
  });
}
