import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { accountQuery } from "@/lib/account";
import { request } from "@/lib/api";

const SESSIONS = "/_allauth/browser/v1/auth/sessions";

/** A browser in which the person is signed in; times are seconds since 1970. */
export type SignedIn = {
  id: number;
  user_agent: string;
  is_current: boolean;
  created_at: number;
  last_seen_at: number;
};

type Answer = { data: SignedIn[] };

const sessionsKey = [...accountQuery().queryKey, "sessions"];

/** This browser first, then those that were used last. */
export const useSessions = () =>
  useQuery({
    queryKey: sessionsKey,
    queryFn: ({ signal }) => request<Answer>(SESSIONS, { signal }),
    select: ({ data }) =>
      data.toSorted(
        (a, b) => Number(b.is_current) - Number(a.is_current) || b.last_seen_at - a.last_seen_at,
      ),
  });

export function useEndSessions() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (sessions: number[]) =>
      request<Answer>(SESSIONS, { method: "DELETE", body: { sessions } }),
    onSuccess: (left) => queryClient.setQueryData(sessionsKey, left),
  });
}
