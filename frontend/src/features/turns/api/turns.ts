import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ListedTurn, Page, TurnDetail, TurnFinding } from "@/client/contract";
import { api, query } from "@/lib/api";
import { dayEnd, dayStart } from "@/lib/days";
import { useLiveList } from "@/lib/live-list";
import { saidText } from "@/lib/said";
import type { TurnFilters } from "../filters";

const PAGE_SIZE = 50;
const MOST_FOUND = 100;

export const turnKeys = {
  all: (tenant: string) => [tenant, "trajectories.turn"] as const,
  head: (tenant: string, filters: TurnFilters) =>
    [...turnKeys.all(tenant), "head", filters] as const,
  one: (tenant: string, id: string) => [...turnKeys.all(tenant), "one", id] as const,
  /** Outside the live topic: every new turn would have the embedder asked again. */
  found: (tenant: string, filters: TurnFilters) => [tenant, "turns.found", filters] as const,
  /** Outside it, too: what is far down the list does not move. */
  older: (tenant: string, filters: TurnFilters) => [tenant, "turns.older", filters] as const,
};

export const turnQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: turnKeys.one(tenant, id),
    queryFn: ({ signal }) => api<TurnDetail>(`/t/${tenant}/turns/${id}/`, { signal }),
  });

export const useTurn = (tenant: string, id: string) => useQuery(turnQuery(tenant, id));

/** The turns list: a live head, and older pages fetched as the reader scrolls. */
export const useTurnList = (tenant: string, filters: TurnFilters, isWanted: boolean) =>
  useLiveList({
    headKey: turnKeys.head(tenant, filters),
    olderKey: turnKeys.older(tenant, filters),
    fetchPage: (cursor, signal) => fetchPage(tenant, filters, cursor, signal),
    isWanted,
  });

/** The turns that fit some words best, by the words and by what they mean. */
export function useTurnSearch(tenant: string, filters: TurnFilters, isWanted: boolean) {
  const found = useQuery({
    queryKey: turnKeys.found(tenant, filters),
    queryFn: ({ signal }) => {
      const search = query({ ...withMoments(filters), mode: "both", limit: MOST_FOUND });
      return api<TurnFinding>(`/t/${tenant}/turns/search/${search}`, { signal });
    },
    enabled: isWanted,
  });
  return {
    turns: useMemo(() => found.data?.results.map(asListed) ?? [], [found.data]),
    note: saidText(found.data?.note ?? "", found.data?.note_said),
    isPending: found.isPending,
    error: found.error,
    retry: () => void found.refetch(),
  };
}

/** Turns that were found by what they mean, and not by a word, say so. */
export type FoundTurn = ListedTurn & { isByMeaning?: boolean };

function asListed({ turn, excerpt, found_by }: TurnFinding["results"][number]): FoundTurn {
  return { ...turn, excerpt, isByMeaning: !found_by.includes("text") };
}

function fetchPage(
  tenant: string,
  filters: TurnFilters,
  cursor: string | null,
  signal: AbortSignal,
) {
  const search = query({ ...withMoments(filters), limit: PAGE_SIZE, cursor });
  return api<Page<ListedTurn>>(`/t/${tenant}/turns/${search}`, { signal });
}

function withMoments({ since, until, ...rest }: TurnFilters) {
  return { ...rest, since: since && dayStart(since), until: until && dayEnd(until) };
}
