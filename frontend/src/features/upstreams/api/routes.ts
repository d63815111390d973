import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, Route, RouteInput } from "@/client/contract";
import { api } from "@/lib/api";

export const routeKeys = {
  all: (tenant: string) => [tenant, "upstreams.route"] as const,
};

export const useRoutes = (tenant: string) =>
  useQuery({
    queryKey: routeKeys.all(tenant),
    queryFn: ({ signal }) => api<Page<Route>>(`/t/${tenant}/routes/?limit=200`, { signal }),
    select: (page) => page.results,
  });

export function useSaveRoute(tenant: string, id: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: Partial<RouteInput>) =>
      id === null
        ? api<Route>(`/t/${tenant}/routes/`, { method: "POST", body: input })
        : api<Route>(`/t/${tenant}/routes/${id}/`, { method: "PATCH", body: input }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: routeKeys.all(tenant) }),
  });
}

export function useDeleteRoute(tenant: string, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api<void>(`/t/${tenant}/routes/${id}/`, { method: "DELETE" }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: routeKeys.all(tenant) }),
  });
}
