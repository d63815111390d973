import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, Replay, Skill, SkillDetail, TurnReplayStart } from "@/client/contract";
import { api, query } from "@/lib/api";
import { replayKeys, replayQuery } from "@/lib/replays";

const MOST_SHOWN = 20;

/** The replays of one turn, the latest first. */
export const useReplaysOfTurn = (tenant: string, turn: string) =>
  useQuery({
    queryKey: replayKeys.ofTurn(tenant, turn),
    queryFn: ({ signal }) =>
      api<Page<Replay>>(`/t/${tenant}/replays/${query({ turn, limit: MOST_SHOWN })}`, { signal }),
    select: (page) => page.results,
  });

/** One of them with its answers; fetched when it is opened. */
export const useReplay = (tenant: string, id: string, isWanted: boolean) =>
  useQuery({ ...replayQuery(tenant, id), enabled: isWanted });

export function useReplayTurn(tenant: string, turn: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: TurnReplayStart) =>
      api<Replay[]>(`/t/${tenant}/turns/${turn}/replays/`, { method: "POST", body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: replayKeys.all(tenant) }),
  });
}

export function useStopReplay(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      api<Replay>(`/t/${tenant}/replays/${id}/cancel/`, { method: "POST" }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: replayKeys.all(tenant) }),
  });
}

/** Names of skills to choose from, retired ones too. */
export const useSkillNames = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "skills.skill", "names"],
    queryFn: ({ signal }) =>
      api<Page<Skill>>(`/t/${tenant}/skills/${query({ status: "all", limit: 200 })}`, { signal }),
    select: (page) => page.results.map(({ slug }) => slug).sort(),
  });

/** The versions of a skill, the newest first. */
export const useVersionsOf = (tenant: string, slug: string) =>
  useQuery({
    queryKey: [tenant, "skills.skill", "one", slug],
    queryFn: ({ signal }) => api<SkillDetail>(`/t/${tenant}/skills/${slug}/`, { signal }),
    enabled: slug !== "",
    select: ({ versions }) => versions.toSorted((a, b) => b.version - a.version),
  });
