import {
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import type { Session } from "@/client/contract";
import { ApiError, api, request } from "@/lib/api";

/** The one query outside any workspace: who is signed in, and where they belong. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: ["session"],
    queryFn: ({ signal }) => api<Session>("/session/", { signal }),
    staleTime: 5 * 60_000,
  });

export const useSession = () => useSuspenseQuery(sessionQuery()).data;

export const SIGNED_OUT: Session = { user: null, tenants: [] };

export function useSignIn(onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: { email: string; password: string }) => {
      // The first visit may not have a CSRF cookie yet; the session endpoint sets it.
      await api<Session>("/session/");
      await request("/_allauth/browser/v1/auth/login", { method: "POST", body: credentials });
      return api<Session>("/session/");
    },
    onSuccess: (session) => {
      // An ended session may have left the rows of another person behind.
      forgetWorkspaces(queryClient);
      queryClient.setQueryData(sessionQuery().queryKey, session);
      onDone();
    },
  });
}

export function useSignOut(onDone: () => Promise<void>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      try {
        await request("/_allauth/browser/v1/auth/session", { method: "DELETE" });
      } catch (error) {
        // allauth answers 401 to say that nobody is signed in any more: that is success.
        if (!(error instanceof ApiError && error.status === 401)) throw error;
      }
    },
    onSuccess: async () => {
      queryClient.setQueryData(sessionQuery().queryKey, SIGNED_OUT);
      // Only once no page is left that would ask for its rows again.
      await onDone();
      forgetWorkspaces(queryClient);
    },
  });
}

function forgetWorkspaces(queryClient: QueryClient) {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
}
