import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page } from "@/client/contract";
import { api, query } from "@/lib/api";

export type CheckpointStatus =
  | "candidate"
  | "passed"
  | "rejected"
  | "canary"
  | "serving"
  | "retired"
  | "gone";

/** A figure of both sides' answers, and how far the candidate's may go. */
export type GateCheck = {
  code: string;
  title: string;
  baseline: number;
  candidate: number;
  limit: number;
  is_broken: boolean;
};

/** Rewards from −1 to 1. A gate that could not be done knows `skipped` alone. */
export type GateResult = {
  skipped: number;
  pairs?: number;
  wins?: number;
  ties?: number;
  losses?: number;
  baseline?: number;
  candidate?: number;
  difference?: number;
  low?: number;
  high?: number;
  margin?: number;
  checks?: GateCheck[];
};

export type Gate = {
  id: string;
  stage: "heldout" | "shadow";
  status: "running" | "passed" | "failed" | "error";
  reason: string;
  note: string;
  margin: number;
  result: GateResult | null;
  case_count: number;
  done_count: number;
  is_simulated: boolean;
  by_hand: boolean;
  actor: string;
  created_at: string;
  ended_at: string | null;
};

export type CheckpointTrial = {
  id: string;
  kind: "canary" | "watch";
  status: "running" | "promoted" | "rolled_back" | "undecided" | "stopped";
  note: string;
  share: number;
  sessions_max: number;
  result: {
    reward: { pairs: number; difference: number; low: number; high: number };
    candidate: number | null;
    baseline: number | null;
    candidate_sessions: number;
    baseline_sessions: number;
  } | null;
  created_at: string;
  ended_at: string | null;
};

export type Checkpoint = {
  id: string;
  policy: string;
  route_model: string;
  step: number;
  status: CheckpointStatus;
  note: string;
  base_model: string;
  rank: number;
  generation: number;
  samples: number;
  size_bytes: number | null;
  sampler_path: string;
  job: string | null;
  parent: string | null;
  served_at: string | null;
  expires_at: string | null;
  created_at: string;
};

export type CheckpointDetail = Checkpoint & { gates: Gate[]; trials: CheckpointTrial[] };

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
