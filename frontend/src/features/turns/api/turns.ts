import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { ListedTurn, Page, TurnDetail, TurnFinding } from "@/client/contract";
import { api, query } from "@/lib/api";
import { dayEnd, dayStart } from "@/lib/days";
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
  older: (tenant: string, filters: TurnFilters, cursor: string | null) =>
    [tenant, "turns.older", filters, cursor] as const,
};

export const turnQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: turnKeys.one(tenant, id),
    queryFn: ({ signal }) => api<TurnDetail>(`/t/${tenant}/turns/${id}/`, { signal }),
  });

export const useTurn = (tenant: string, id: string) => useQuery(turnQuery(tenant, id));

/** The newest turns, gathered since the list was opened; `next` continues below them. */
export type Head = { turns: ListedTurn[]; next: string | null };

/** The first page joined to what was there; a gap between them starts the list afresh. */
export function joinHead(fresh: Page<ListedTurn>, known: Head | undefined): Head {
  if (!known) return { turns: fresh.results, next: fresh.next };
  const freshIds = new Set(fresh.results.map((turn) => turn.id));
  const kept = known.turns.filter((turn) => !freshIds.has(turn.id));
  const doTouch = kept.length < known.turns.length;
  if (!doTouch) return { turns: fresh.results, next: fresh.next };
  return { turns: [...fresh.results, ...kept], next: known.next };
}

/** The turns list: a live head, and older pages fetched as the reader scrolls. */
export function useTurnList(tenant: string, filters: TurnFilters, isWanted = true) {
  const [wanted, setWanted] = useState<string | null>(null);
  const head = useQuery({
    queryKey: turnKeys.head(tenant, filters),
    queryFn: async ({ client, queryKey, signal }) =>
      joinHead(await fetchPage(tenant, filters, null, signal), client.getQueryData(queryKey)),
    enabled: isWanted,
    // A list opened again begins at its newest turn, not where it was left.
    gcTime: 0,
  });
  const cursor = head.data?.next ?? null;
  const older = useInfiniteQuery({
    queryKey: turnKeys.older(tenant, filters, cursor),
    queryFn: ({ pageParam, signal }) => fetchPage(tenant, filters, pageParam, signal),
    initialPageParam: cursor,
    getNextPageParam: (page) => page.next,
    enabled: cursor !== null && wanted === cursor,
    gcTime: 0,
  });

  function loadMore() {
    if (cursor === null || older.isFetching || older.isError) return;
    if (wanted !== cursor) setWanted(cursor);
    else if (older.hasNextPage) void older.fetchNextPage();
  }

  return {
    head: head.data?.turns ?? [],
    older: older.data?.pages.flatMap((page) => page.results) ?? [],
    isPending: head.isPending,
    error: head.data ? older.error : head.error,
    retry: () => void (head.data ? older.refetch() : head.refetch()),
    hasMore: cursor !== null && (wanted !== cursor || older.isPending || older.hasNextPage),
    loadMore,
  };
}

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
    note: found.data?.note ?? "",
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
