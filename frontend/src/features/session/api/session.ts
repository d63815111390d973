import {
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import type { Session } from "@/client/contract";
import { ApiError, api, readCookie } from "@/lib/api";
import { signOut } from "./steps";

/** The one query outside any workspace: who is signed in, and where they belong. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: ["session"],
    queryFn: ({ signal }) => api<Session>("/session/", { signal }),
    staleTime: 5 * 60_000,
  });

export const useSession = () => useSuspenseQuery(sessionQuery()).data;

export const SIGNED_OUT: Session = {
  user: null,
  tenants: [],
  shut: [],
  creation_refusal: null,
  creation_refusal_said: [],
};

/**
 * Any way of signing in: `act` hands in what somebody has.
 *
 * It fails with the code `NEEDS_SECOND_STEP` when that was right, but not enough.
 */
export function useSignInWith<T>(act: (given: T) => Promise<unknown>, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (given: T) => {
      // The first visit may not have a CSRF cookie yet; the session endpoint sets it.
      if (!readCookie("csrftoken")) await api<Session>("/session/");
      await act(given);
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
        await signOut();
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
