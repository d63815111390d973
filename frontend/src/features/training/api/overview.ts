import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TrainingBudget, TrainingFunnel, TrainingLimits } from "@/client/contract";
import { api } from "@/lib/api";
import { jobKeys } from "./jobs";

/** All samples are counted for it. A topic of its own: turns alone change nothing here. */
export const useFunnel = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "training.funnel"],
    queryFn: ({ signal }) => api<TrainingFunnel>(`/t/${tenant}/training/funnel/`, { signal }),
  });

// Under the topic of jobs: every step of theirs is spending.
const budgetKey = (tenant: string) => [...jobKeys.all(tenant), "budget"] as const;

export const useTrainingBudget = (tenant: string) =>
  useQuery({
    queryKey: budgetKey(tenant),
    queryFn: ({ signal }) => api<TrainingBudget>(`/t/${tenant}/training/budget/`, { signal }),
  });

export function useSetTrainingBudget(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: TrainingLimits) =>
      api<TrainingBudget>(`/t/${tenant}/training/budget/`, { method: "PATCH", body }),
    onSuccess: (saved) => queryClient.setQueryData(budgetKey(tenant), saved),
  });
}
