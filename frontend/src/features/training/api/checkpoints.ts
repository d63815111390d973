import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  Checkpoint,
  CheckpointDetail,
  CheckpointStatus,
  Page,
  TrainedTurn,
} from "@/client/contract";
import { api, query } from "@/lib/api";

const checkpointKeys = {
  all: (tenant: string) => [tenant, "training.checkpoint"] as const,
  list: (tenant: string, filters: string) =>
    [...checkpointKeys.all(tenant), "list", filters] as const,
  one: (tenant: string, id: string) => [...checkpointKeys.all(tenant), "one", id] as const,
};

const address = (tenant: string) => `/t/${tenant}/training/checkpoints/`;

export function useCheckpoints(
  tenant: string,
  filters: { policy?: string; status?: CheckpointStatus },
) {
  const asked = query({ ...filters, limit: 100 });
  return useQuery({
    queryKey: checkpointKeys.list(tenant, asked),
    queryFn: ({ signal }) => api<Page<Checkpoint>>(`${address(tenant)}${asked}`, { signal }),
    select: (page) => page.results,
  });
}

export const useCheckpoint = (tenant: string, id: string) =>
  useQuery({
    queryKey: checkpointKeys.one(tenant, id),
    queryFn: ({ signal }) => api<CheckpointDetail>(`${address(tenant)}${id}/`, { signal }),
  });

/** Some of the turns that it learned from since its parent. */
export const useTurnsOfCheckpoint = (tenant: string, id: string, limit: number) =>
  useQuery({
    queryKey: [...checkpointKeys.one(tenant, id), "turns", limit],
    queryFn: ({ signal }) =>
      api<Page<TrainedTurn>>(`${address(tenant)}${id}/turns/${query({ limit })}`, { signal }),
    select: (page) => page.results,
  });

export type CheckpointDeed = "gate" | "pass" | "promote" | "canary" | "retire" | "delete";

/** What a person decides about a checkpoint; `body` as the deed wants it. */
export function useDecide(tenant: string, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ deed, body }: { deed: CheckpointDeed; body?: unknown }) =>
      api<unknown>(`${address(tenant)}${id}/${deed}/`, {
        method: "POST",
        ...(body !== undefined && { body }),
      }),
    // Also where it was refused: the checkpoint is then not what the page showed.
    onSettled: () => queryClient.invalidateQueries({ queryKey: checkpointKeys.all(tenant) }),
  });
}

/** Back to what served before, for the whole policy. */
export function useRollback(tenant: string, policy: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      api<CheckpointDetail>(`/t/${tenant}/training/policies/${policy}/rollback/`, {
        method: "POST",
        body: { reason },
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: checkpointKeys.all(tenant) }),
  });
}
