import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Page, RecordedSession, SessionDetail } from "@/client/contract";
import { api, query } from "@/lib/api";
import { dayEnd, dayStart } from "@/lib/days";
import type { SessionFilters } from "../filters";

const keys = (tenant: string) => [tenant, "trajectories.session"] as const;

export function useSessions(tenant: string, filters: SessionFilters) {
  return useInfiniteQuery({
    queryKey: [...keys(tenant), "list", filters],
    queryFn: ({ pageParam, signal }) => {
      const { since, until, ...rest } = filters;
      const search = query({
        ...rest,
        since: since && dayStart(since),
        until: until && dayEnd(until),
        cursor: pageParam,
      });
      return api<Page<RecordedSession>>(`/t/${tenant}/sessions/${search}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export const useSession = (tenant: string, id: string) =>
  useQuery({
    queryKey: [...keys(tenant), "one", id],
    queryFn: ({ signal }) => api<SessionDetail>(`/t/${tenant}/sessions/${id}/`, { signal }),
  });
