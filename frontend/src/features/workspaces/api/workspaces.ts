import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import type { CreatedWorkspace, Session } from "@/client/contract";
import { api } from "@/lib/api";

/** Outside of the workspace's own keys, which are read again when its socket opens. */
const firstKey = (tenant: string) => ["first-key", tenant] as const;
/** Long enough to get to the page that shows it. */
const KEPT_MS = 30_000;

export function useCreateWorkspace(onDone: (made: CreatedWorkspace) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; time_zone: string }) =>
      api<CreatedWorkspace>("/workspaces/", { method: "POST", body }),
    onSuccess: async (made) => {
      queryClient.setQueryData(["session"], await api<Session>("/session/"));
      queryClient.setQueryDefaults(firstKey(made.slug), { gcTime: KEPT_MS });
      queryClient.setQueryData(firstKey(made.slug), made.secret);
      onDone(made);
    },
    // The key must not outlive its hand-over.
    gcTime: 0,
  });
}

/** The key that a workspace was made with, for its first page; null a moment later. */
export const firstKeyOf = (queryClient: QueryClient, tenant: string) =>
  queryClient.getQueryData<string>(firstKey(tenant)) ?? null;
