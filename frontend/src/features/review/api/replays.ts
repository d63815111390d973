import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, Replay, ReplayDetail } from "@/client/contract";
import { api } from "@/lib/api";

const replayKeys = {
  all: (tenant: string) => [tenant, "evolution.replay"] as const,
  list: (tenant: string, proposal: string) =>
    [...replayKeys.all(tenant), "list", proposal] as const,
  one: (tenant: string, id: string) => [...replayKeys.all(tenant), "one", id] as const,
};

/** Replays of a proposal, latest first. */
export const useReplays = (tenant: string, proposal: string) =>
  useQuery({
    queryKey: replayKeys.list(tenant, proposal),
    queryFn: ({ signal }) =>
      api<Page<Replay>>(`/t/${tenant}/proposals/${proposal}/replays/`, { signal }),
    select: (page) => page.results,
  });

/** With every turn it was tried on. */
export const useReplay = (tenant: string, id: string, isWanted: boolean) =>
  useQuery({
    queryKey: replayKeys.one(tenant, id),
    queryFn: ({ signal }) => api<ReplayDetail>(`/t/${tenant}/replays/${id}/`, { signal }),
    enabled: isWanted,
  });

export function useReplayActions(tenant: string, proposal: string) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: replayKeys.all(tenant) });
  const start = useMutation({
    mutationFn: () =>
      api<Replay>(`/t/${tenant}/proposals/${proposal}/replays/`, { method: "POST", body: {} }),
    onSuccess,
  });
  const stop = useMutation({
    mutationFn: (id: string) =>
      api<Replay>(`/t/${tenant}/replays/${id}/cancel/`, { method: "POST", body: {} }),
    onSuccess,
  });
  return { start, stop };
}
