import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReviewPolicy } from "@/client/contract";
import { api } from "@/lib/api";

const policyKey = (tenant: string) => [tenant, "evolution.review_policy"] as const;

export const useReviewPolicy = (tenant: string) =>
  useQuery({
    queryKey: policyKey(tenant),
    queryFn: ({ signal }) => api<ReviewPolicy>(`/t/${tenant}/review-policy/`, { signal }),
  });

export function useSaveReviewPolicy(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (policy: ReviewPolicy) =>
      api<ReviewPolicy>(`/t/${tenant}/review-policy/`, { method: "PUT", body: policy }),
    onSuccess: (policy) => {
      queryClient.setQueryData(policyKey(tenant), policy);
      // What a proposal says of who may approve it follows from the policy.
      void queryClient.invalidateQueries({ queryKey: [tenant, "evolution.proposal"] });
    },
  });
}
