import { queryOptions } from "@tanstack/react-query";
import type { Replay, ReplayComparison, ReplayDetail } from "@/client/contract";
import { api } from "@/lib/api";

/** Replays are shown on several pages; all of them are read again when one moves. */
export const replayKeys = {
  all: (tenant: string) => [tenant, "evolution.replay"] as const,
  ofProposal: (tenant: string, proposal: string) =>
    [...replayKeys.all(tenant), "list", proposal] as const,
  ofTurn: (tenant: string, turn: string) => [...replayKeys.all(tenant), "turn", turn] as const,
  list: (tenant: string, filters: object) => [...replayKeys.all(tenant), "all", filters] as const,
  one: (tenant: string, id: string) => [...replayKeys.all(tenant), "one", id] as const,
};

/** A replay with every turn it was tried on, and all answers. */
export const replayQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: replayKeys.one(tenant, id),
    queryFn: ({ signal }) => api<ReplayDetail>(`/t/${tenant}/replays/${id}/`, { signal }),
  });

/** What a replay says in one line: of the failing turns, where any were tried. */
export function comparisonOf({ result }: Replay): ReplayComparison | undefined {
  const { failing, chosen, control } = result?.groups ?? {};
  return failing ?? chosen ?? control;
}
