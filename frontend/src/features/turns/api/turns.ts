import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Page, Turn, TurnDetail } from "@/client/contract";
import { api, query } from "@/lib/api";
import { dayEnd, dayStart } from "@/lib/days";
import type { TurnFilters } from "../filters";

const PAGE_SIZE = 50;

export const turnKeys = {
  all: (tenant: string) => [tenant, "trajectories.turn"] as const,
  head: (tenant: string, filters: TurnFilters) =>
    [...turnKeys.all(tenant), "head", filters] as const,
  one: (tenant: string, id: string) => [...turnKeys.all(tenant), "one", id] as const,
  /** Outside the live topic: what is far down the list does not move. */
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
export type Head = { turns: Turn[]; next: string | null };

/** The first page joined to what was there; a gap between them starts the list afresh. */
export function joinHead(fresh: Page<Turn>, known: Head | undefined): Head {
  if (!known) return { turns: fresh.results, next: fresh.next };
  const freshIds = new Set(fresh.results.map((turn) => turn.id));
  const kept = known.turns.filter((turn) => !freshIds.has(turn.id));
  const doTouch = kept.length < known.turns.length;
  if (!doTouch) return { turns: fresh.results, next: fresh.next };
  return { turns: [...fresh.results, ...kept], next: known.next };
}

/** The turns list: a live head, and older pages fetched as the reader scrolls. */
export function useTurnList(tenant: string, filters: TurnFilters) {
  const [wanted, setWanted] = useState<string | null>(null);
  const head = useQuery({
    queryKey: turnKeys.head(tenant, filters),
    queryFn: async ({ client, queryKey, signal }) =>
      joinHead(await fetchPage(tenant, filters, null, signal), client.getQueryData(queryKey)),
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

function fetchPage(
  tenant: string,
  filters: TurnFilters,
  cursor: string | null,
  signal: AbortSignal,
) {
  const { since, until, ...rest } = filters;
  const days = { since: since && dayStart(since), until: until && dayEnd(until) };
  const search = query({ ...rest, ...days, limit: PAGE_SIZE, cursor });
  return api<Page<Turn>>(`/t/${tenant}/turns/${search}`, { signal });
}
