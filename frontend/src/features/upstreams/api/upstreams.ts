import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  Page,
  Upstream,
  UpstreamInput,
  UpstreamPreset,
  UpstreamTest,
} from "@/client/contract";
import { api } from "@/lib/api";

export const upstreamKeys = {
  all: (tenant: string) => [tenant, "upstreams.upstream"] as const,
};

export const useUpstreams = (tenant: string) =>
  useQuery({
    queryKey: upstreamKeys.all(tenant),
    queryFn: ({ signal }) => api<Page<Upstream>>(`/t/${tenant}/upstreams/`, { signal }),
    select: (page) => page.results,
  });

/** The kinds of providers there are: the same until the product changes. */
export const usePresets = (tenant: string) =>
  useQuery({
    queryKey: ["presets"],
    queryFn: ({ signal }) => api<UpstreamPreset[]>(`/t/${tenant}/presets/`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

function useForgetUpstreams(tenant: string) {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: upstreamKeys.all(tenant) });
    void queryClient.invalidateQueries({ queryKey: [tenant, "overview"] });
    // Whether a workspace is served by the practice model is part of the session.
    void queryClient.invalidateQueries({ queryKey: ["session"] });
  };
}

export function useSaveUpstream(tenant: string, id: string | null) {
  return useMutation({
    mutationFn: (input: Partial<UpstreamInput>) =>
      id === null
        ? api<Upstream>(`/t/${tenant}/upstreams/`, { method: "POST", body: input })
        : api<Upstream>(`/t/${tenant}/upstreams/${id}/`, { method: "PATCH", body: input }),
    onSuccess: useForgetUpstreams(tenant),
  });
}

export function useDeleteUpstream(tenant: string, id: string) {
  return useMutation({
    mutationFn: () => api<void>(`/t/${tenant}/upstreams/${id}/`, { method: "DELETE" }),
    onSuccess: useForgetUpstreams(tenant),
  });
}

export function useTestUpstream(tenant: string, id: string) {
  return useMutation({
    mutationFn: () => api<UpstreamTest>(`/t/${tenant}/upstreams/${id}/test/`, { method: "POST" }),
  });
}
