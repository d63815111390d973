import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type {
  ApiKey,
  CreatedApiKey,
  Overview,
  Page,
  TestRequestResult,
  Turn,
  TurnDetail,
} from "@/client/contract";
import { api } from "@/lib/api";

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
 * The first turn that arrives after this page was opened, in full.
 *
 * `visit` names the visit: the newest turn at its start is what newer ones are told from, so that
 * query stays outside the tenant's keys, where live events would refresh it. A workspace known to
 * be empty (`isFirst`) needs no such mark.
 */
export function useArrival(tenant: string, visit: string, isFirst: boolean) {
  const [arrived, setArrived] = useState<string | null>(null);
  const start = useQuery({
    queryKey: ["arrival", tenant, visit],
    queryFn: ({ signal }) => fetchLatest(tenant, signal),
    staleTime: Number.POSITIVE_INFINITY,
    ...(isFirst && { initialData: null }),
  });
  const latest = useQuery({
    queryKey: [tenant, "trajectories.turn", "latest"],
    queryFn: ({ signal }) => fetchLatest(tenant, signal),
    enabled: start.isSuccess && arrived === null,
    // A socket may be unable to open (a proxy in between); slow, but it arrives.
    refetchInterval: 5000,
  });
  // Pinned: the turns after it must not push the first one off the page.
  if (arrived === null && start.isSuccess && latest.data && latest.data !== start.data) {
    setArrived(latest.data);
  }
  const turn = useQuery({
    queryKey: [tenant, "trajectories.turn", "one", arrived ?? ""],
    queryFn: ({ signal }) => api<TurnDetail>(`/t/${tenant}/turns/${arrived}/`, { signal }),
    enabled: arrived !== null,
  });
  return turn.data;
}
