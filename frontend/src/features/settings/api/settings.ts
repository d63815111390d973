import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { WorkspaceSettings } from "@/client/contract";
import { api } from "@/lib/api";

export const settingsKeys = {
  all: (tenant: string) => [tenant, "tenants.settings"] as const,
};

export const useSettings = (tenant: string) =>
  useQuery({
    queryKey: settingsKeys.all(tenant),
    queryFn: ({ signal }) => api<WorkspaceSettings>(`/t/${tenant}/settings/`, { signal }),
  });

export function useSaveSettings(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ slug: _slug, ...settings }: WorkspaceSettings) =>
      api<WorkspaceSettings>(`/t/${tenant}/settings/`, { method: "PATCH", body: settings }),
    onSuccess: (settings) => {
      queryClient.setQueryData(settingsKeys.all(tenant), settings);
      // The workspace's name is shown in the rail, which reads the session.
      void queryClient.invalidateQueries({ queryKey: ["session"] });
    },
  });
}
