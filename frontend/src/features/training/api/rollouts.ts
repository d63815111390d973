import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, Rollout, RolloutEpisode } from "@/client/contract";
import { api, query } from "@/lib/api";

const rolloutKeys = {
  all: (tenant: string) => [tenant, "training.rollout"] as const,
  list: (tenant: string, policy: string) => [...rolloutKeys.all(tenant), "list", policy] as const,
  one: (tenant: string, id: string) => [...rolloutKeys.all(tenant), "one", id] as const,
  episodes: (tenant: string, id: string) => [...rolloutKeys.all(tenant), "episodes", id] as const,
};

/** Of a policy, newest first; the latest hundred. */
export const useRollouts = (tenant: string, policy: string) =>
  useQuery({
    queryKey: rolloutKeys.list(tenant, policy),
    queryFn: ({ signal }) =>
      api<Page<Rollout>>(`/t/${tenant}/training/rollouts/${query({ policy, limit: 100 })}`, {
        signal,
      }),
    select: (page) => page.results,
  });

export const useRollout = (tenant: string, id: string) =>
  useQuery({
    queryKey: rolloutKeys.one(tenant, id),
    queryFn: ({ signal }) => api<Rollout>(`/t/${tenant}/training/rollouts/${id}/`, { signal }),
  });

export const useEpisodes = (tenant: string, id: string) =>
  useQuery({
    queryKey: rolloutKeys.episodes(tenant, id),
    queryFn: ({ signal }) =>
      api<Page<RolloutEpisode>>(
        `/t/${tenant}/training/rollouts/${id}/episodes/${query({ limit: 200 })}`,
        { signal },
      ),
  });

export function useCancelRollout(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      api<Rollout>(`/t/${tenant}/training/rollouts/${id}/cancel/`, { method: "POST" }),
    // Also where it was refused: it is then not what the page showed.
    onSettled: () => queryClient.invalidateQueries({ queryKey: rolloutKeys.all(tenant) }),
  });
}
