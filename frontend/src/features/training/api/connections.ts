import { useQuery } from "@tanstack/react-query";
import type { Page, Upstream, UpstreamTest } from "@/client/contract";
import { api } from "@/lib/api";

const connectionKeys = {
  // Other pages keep the same rows under the bare topic, with other fields picked.
  list: (tenant: string) => [tenant, "upstreams.upstream", "connections"] as const,
  models: (tenant: string, id: string) => [tenant, "upstreams.upstream", "models", id] as const,
};

/** Every connection of the workspace; `isTrainer` picks those that can train. */
export const useConnections = (tenant: string) =>
  useQuery({
    queryKey: connectionKeys.list(tenant),
    queryFn: ({ signal }) => api<Page<Upstream>>(`/t/${tenant}/upstreams/?limit=200`, { signal }),
    select: (page) => page.results,
  });

export const isTrainer = ({ kind }: Upstream) => kind === "tinker" || kind === "tinker-policy";

/** What the provider behind a connection offers; it is asked only where the answer is of use. */
export const useOffered = (tenant: string, id: string) =>
  useQuery({
    queryKey: connectionKeys.models(tenant, id),
    queryFn: ({ signal }) =>
      api<UpstreamTest>(`/t/${tenant}/upstreams/${id}/test/`, { method: "POST", signal }),
    enabled: id !== "",
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });
