import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CreatedDemo, Demo, Session } from "@/client/contract";
import { api } from "@/lib/api";

/** How far the story of a demo is told; asked of demos only. */
export const useDemo = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "demo.load"],
    queryFn: ({ signal }) => api<Demo>(`/t/${tenant}/demo/`, { signal }),
  });

/** Makes a demo workspace, or finds the one that this person owns already. */
export function useCreateDemo(onDone: (made: CreatedDemo) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api<CreatedDemo>("/workspaces/demo/", {
        method: "POST",
        body: { time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
      }),
    onSuccess: async (made) => {
      queryClient.setQueryData(["session"], await api<Session>("/session/"));
      onDone(made);
    },
  });
}

export function useRemoveDemo(tenant: string, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api<void>(`/t/${tenant}/demo/`, { method: "DELETE" }),
    onSuccess: () => {
      // It goes within seconds; until then the server still names it.
      queryClient.setQueryData<Session>(
        ["session"],
        (known) => known && { ...known, tenants: known.tenants.filter((t) => t.slug !== tenant) },
      );
      onDone();
    },
  });
}
