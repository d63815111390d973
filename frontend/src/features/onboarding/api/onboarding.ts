import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type {
  ApiKey,
  Arrivals,
  CreatedApiKey,
  Overview,
  Page,
  TestRequestResult,
  Turn,
  TurnDetail,
  UnderWay,
} from "@/client/contract";
import { api } from "@/lib/api";
import type { Arrival } from "../components/arrival-panel";

/** One look at the page: its name, and when it began. */
export type Visit = { id: string; at: number };

const AWAITED_MS = 30_000;
const DAY_MS = 86_400_000;
/** The reader's clock may be ahead of the server's. */
const CLOCKS_DIFFER_MS = 60_000;

/** Address and model come with the overview; the cache shares it with that page. */
export const useGateway = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "overview"],
    queryFn: ({ signal }) => api<Overview>(`/t/${tenant}/overview/`, { signal }),
    select: ({ gateway_url, serving }) => ({
      url: gateway_url.replace(/\/$/, ""),
      model: serving?.model || "gpt-5-mini",
      kind: serving?.kind ?? "practice",
      answers: serving !== null,
    }),
  });

export const useGatewayKeys = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "tenants.key"],
    queryFn: ({ signal }) => api<Page<ApiKey>>(`/t/${tenant}/keys/?limit=200`, { signal }),
    select: (page) =>
      page.results.filter((key) => key.scopes.includes("gateway") && !key.revoked_at),
  });

export function useCreateGatewayKey(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api<CreatedApiKey>(`/t/${tenant}/keys/`, {
        method: "POST",
        body: { name, scopes: ["gateway"], expires_at: null },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [tenant, "tenants.key"] }),
  });
}

export function useTestRequest(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (message?: string) =>
      api<TestRequestResult>(`/t/${tenant}/test-request/`, {
        method: "POST",
        body: message ? { message } : {},
      }),
    // The live event does the same; this also works while the socket is down.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [tenant, "trajectories.turn"] }),
  });
}

async function fetchLatest(tenant: string, signal: AbortSignal): Promise<string | null> {
  const page = await api<Page<Turn>>(`/t/${tenant}/turns/?limit=1`, { signal });
  return page.results[0]?.id ?? null;
}

/**
 * The first turn that arrives after this page was opened, in full, and what is told before.
 *
 * `visit` names the visit: the newest turn at its start is what newer ones are told from, so that
 * query stays outside the tenant's keys, where live events would refresh it. A workspace known to
 * be empty (`isFirst`) needs no such mark. A turn that failed does not end the wait.
 */
export function useArrival(tenant: string, visit: Visit, isFirst: boolean): Arrival {
  const [arrived, setArrived] = useState<string | null>(null);
  const start = useQuery({
    queryKey: ["arrival", tenant, visit.id],
    queryFn: ({ signal }) => fetchLatest(tenant, signal),
    staleTime: Number.POSITIVE_INFINITY,
    ...(isFirst && { initialData: null }),
  });
  const turn = useQuery({
    queryKey: [tenant, "trajectories.turn", "one", arrived ?? ""],
    queryFn: ({ signal }) => api<TurnDetail>(`/t/${tenant}/turns/${arrived}/`, { signal }),
    enabled: arrived !== null,
    placeholderData: (before) => before,
  }).data;
  const isAnswered = turn !== undefined && turn.outcome !== "error";
  const latest = useQuery({
    queryKey: [tenant, "trajectories.turn", "latest"],
    queryFn: ({ signal }) => fetchLatest(tenant, signal),
    enabled: start.isSuccess && !isAnswered,
    // A socket may be unable to open (a proxy in between); slow, but it arrives.
    refetchInterval: 5000,
  });
  // Once answered it is pinned: the turns after it must not push it off the page.
  const isOpen = arrived === null || (turn?.id === arrived && !isAnswered);
  if (isOpen && start.isSuccess && latest.data && ![start.data, arrived].includes(latest.data)) {
    setArrived(latest.data);
  }
  const coming = useQuery({
    queryKey: [tenant, "proxy.arrival"],
    queryFn: ({ signal }) => api<Arrivals>(`/t/${tenant}/arrivals/`, { signal }),
    enabled: !isAnswered,
    // Asking is what tells the server that somebody still waits.
    refetchInterval: AWAITED_MS,
  }).data;
  const underWay = coming?.under_way ?? null;
  const since = visit.at - (isFirst ? DAY_MS : CLOCKS_DIFFER_MS);
  return {
    turn,
    isAnswered,
    underWay: underWay && isNew(underWay, arrived, since) ? underWay : null,
    refused: coming?.refused.filter(({ last_at }) => Date.parse(last_at) > since) ?? [],
  };
}

/** What was recorded meanwhile says more, and what was there before is not waited for. */
function isNew({ turn_id, started_at }: UnderWay, arrived: string | null, since: number) {
  return turn_id !== arrived && Date.parse(started_at) > since;
}
