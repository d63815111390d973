import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, TrainingWindow, WindowRules, Windows } from "@/client/contract";
import { api } from "@/lib/api";
import { windowsQuery } from "@/lib/windows";

const windowKeys = {
  all: (tenant: string) => [tenant, "training.window"] as const,
  history: (tenant: string) => [...windowKeys.all(tenant), "history"] as const,
};

export const useWindows = (tenant: string) => useQuery(windowsQuery(tenant));

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
