import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { turnKeys } from "./turns";

/** Feedback is one voice among others; a verdict is a reviewer's, and final. */
export type Voice = "feedback" | "verdict";
export type Opinion =
  | { voice: "feedback"; value: -1 | 1; comment: string }
  | { voice: "verdict"; value: -1 | 1; comment: string; correction: string };

const METHODS = { feedback: "POST", verdict: "PUT" } as const;

function useForgetTurns(tenant: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: turnKeys.all(tenant) });
}

export function useGiveOpinion(tenant: string, id: string) {
  return useMutation({
    mutationFn: ({ voice, ...body }: Opinion) =>
      api<unknown>(`/t/${tenant}/turns/${id}/${voice}/`, { method: METHODS[voice], body }),
    onSuccess: useForgetTurns(tenant),
  });
}

export function useTakeBack(tenant: string, id: string) {
  return useMutation({
    mutationFn: (voice: Voice) =>
      api<void>(`/t/${tenant}/turns/${id}/${voice}/`, { method: "DELETE" }),
    onSuccess: useForgetTurns(tenant),
  });
}

/** Has a reviewer asked about the turn, before all that wait. */
export function useAskPeople(tenant: string, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api<unknown>(`/t/${tenant}/annotations/`, { method: "POST", body: { turn_id: id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [tenant, "evolution.annotation"] }),
  });
}
