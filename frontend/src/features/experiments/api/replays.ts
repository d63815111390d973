import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { Page, Replay } from "@/client/contract";
import { api, query } from "@/lib/api";
import { replayKeys } from "@/lib/replays";
import type { ReplayFilters } from "../search";

const PAGE_SIZE = 50;

/** All replays of the workspace, the latest first. */
export const useReplays = (tenant: string, filters: ReplayFilters) =>
  useInfiniteQuery({
    queryKey: replayKeys.list(tenant, filters),
    queryFn: ({ pageParam, signal }) => {
      const search = query({ ...filters, limit: PAGE_SIZE, cursor: pageParam });
      return api<Page<Replay>>(`/t/${tenant}/replays/${search}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.results),
  });
