import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, TrainingWindow, WindowRules, Windows } from "@/client/contract";
import { api } from "@/lib/api";

const windowKeys = {
  all: (tenant: string) => [tenant, "training.window"] as const,
  now: (tenant: string) => [...windowKeys.all(tenant), "now"] as const,
  history: (tenant: string) => [...windowKeys.all(tenant), "history"] as const,
};

/** How things stand. Traffic closes windows without an event of its own: it is read again. */
export const useWindows = (tenant: string) =>
  useQuery({
    queryKey: windowKeys.now(tenant),
    queryFn: ({ signal }) => api<Windows>(`/t/${tenant}/training/windows/`, { signal }),
    refetchInterval: 15_000,
  });

/** Windows that opened, latest first. */
export const useWindowHistory = (tenant: string) =>
  useQuery({
    queryKey: windowKeys.history(tenant),
    queryFn: ({ signal }) =>
      api<Page<TrainingWindow>>(`/t/${tenant}/training/windows/history/?limit=20`, { signal }),
    select: (page) => page.results,
  });

export function useSaveRules(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (rules: WindowRules) =>
      api<Windows>(`/t/${tenant}/training/windows/`, { method: "PUT", body: rules }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: windowKeys.all(tenant) }),
  });
}
