import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, Replay } from "@/client/contract";
import { api } from "@/lib/api";
import { replayKeys, replayQuery } from "@/lib/replays";

/** Replays of a proposal, latest first. */
export const useReplays = (tenant: string, proposal: string) =>
  useQuery({
    queryKey: replayKeys.ofProposal(tenant, proposal),
    queryFn: ({ signal }) =>
      api<Page<Replay>>(`/t/${tenant}/proposals/${proposal}/replays/`, { signal }),
    select: (page) => page.results,
  });

/** With every turn it was tried on. */
export const useReplay = (tenant: string, id: string, isWanted: boolean) =>
  useQuery({ ...replayQuery(tenant, id), enabled: isWanted });

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
