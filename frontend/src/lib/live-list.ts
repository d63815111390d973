import { type QueryKey, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Page } from "@/client/contract";

type Row = { id: string };

/** The newest rows, gathered since the list was opened; `next` continues below them. */
export type Head<R> = { rows: R[]; next: string | null };

/** The first page joined to what was there; a gap between them starts the list afresh. */
export function joinHead<R extends Row>(fresh: Page<R>, known: Head<R> | undefined): Head<R> {
  const { results, next } = fresh;
  if (!known) return { rows: results, next };
  const freshIds = new Set(results.map(({ id }) => id));
  const kept = known.rows.filter(({ id }) => !freshIds.has(id));
  const doTouch = kept.length < known.rows.length;
  if (!doTouch) return { rows: results, next };
  return { rows: [...results, ...kept], next: known.next };
}

type Wanted<R> = {
  /** Under a live topic: the first page is asked for anew with each of its events. */
  headKey: QueryKey;
  /** Outside of it: what is far down the list does not move. */
  olderKey: QueryKey;
  fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<Page<R>>;
  isWanted: boolean;
};

/** A list, newest first: a live head, and older pages fetched as they are asked for. */
export function useLiveList<R extends Row>({ headKey, olderKey, fetchPage, isWanted }: Wanted<R>) {
  const [wanted, setWanted] = useState<string | null>(null);
  const head = useQuery({
    queryKey: headKey,
    queryFn: async ({ client, queryKey, signal }) =>
      joinHead(await fetchPage(null, signal), client.getQueryData<Head<R>>(queryKey)),
    enabled: isWanted,
    // A list opened again begins at its newest row, not where it was left.
    gcTime: 0,
  });
  const cursor = head.data?.next ?? null;
  const older = useInfiniteQuery({
    queryKey: [...olderKey, cursor],
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
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
    head: head.data?.rows ?? [],
    older: older.data?.pages.flatMap((page) => page.results) ?? [],
    isPending: head.isPending,
    error: head.data ? older.error : head.error,
    retry: () => void (head.data ? older.refetch() : head.refetch()),
    hasMore: cursor !== null && (wanted !== cursor || older.isPending || older.hasNextPage),
    isLoadingMore: older.isFetching,
    loadMore,
  };
}

/**
 * Keeps the top of a live list where it is while somebody reads further down: what is newer waits,
 * counted, until it is asked for or the reader is back at the top.
 */
export function useHeldTop(head: Row[]) {
  const [heldTop, setHeldTop] = useState<string | null>(null);
  const newCount = Math.max(
    0,
    head.findIndex(({ id }) => id === heldTop),
  );
  return {
    newCount,
    hold: () => setHeldTop(head[newCount]?.id ?? null),
    release: () => setHeldTop(null),
    /** Shows what waited, and goes on holding. */
    catchUp: () => setHeldTop(head[0]?.id ?? null),
  };
}
