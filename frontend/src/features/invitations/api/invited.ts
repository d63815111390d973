import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { OpenInvitation, Session } from "@/client/contract";
import { api } from "@/lib/api";

type Joined = { tenant: string };

/** What a link leads to, for this reader: another one is told something else. */
export const useInvitation = (token: string, reader: string | null) =>
  useQuery({
    queryKey: ["invitation", token, reader],
    // The link's text goes in a body: addresses end up in logs.
    queryFn: ({ signal }) =>
      api<OpenInvitation>("/invitations/look/", { method: "POST", body: { token }, signal }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** For somebody who is signed in. */
export const useAcceptInvitation = (token: string, onJoined: (joined: Joined) => void) =>
  useMutation({
    mutationFn: () => api<Joined>("/invitations/accept/", { method: "POST", body: { token } }),
    onSuccess: useOpened(onJoined),
  });

/** For somebody without an account: makes it. */
export const useJoin = (token: string, onJoined: (joined: Joined) => void) =>
  useMutation({
    mutationFn: (account: { name: string; password: string }) =>
      api<Joined>("/invitations/join/", { method: "POST", body: { token, ...account } }),
    onSuccess: useOpened(onJoined),
    gcTime: 0,
  });

/** The session knows one more workspace, and perhaps one more person. */
function useOpened(onJoined: (joined: Joined) => void) {
  const queryClient = useQueryClient();
  return async (joined: Joined) => {
    queryClient.setQueryData(["session"], await api<Session>("/session/"));
    onJoined(joined);
  };
}
