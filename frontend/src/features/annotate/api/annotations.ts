import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  Agreement,
  AnnotationDetail,
  AnnotationNext,
  AnnotationPolicy,
  AnnotationProgress,
} from "@/client/contract";
import { ApiError, api } from "@/lib/api";
import { useBeat } from "@/lib/use-beat";

/** Half of what a lease lasts: one lost renewal does not end it. */
const RENEW_MS = 60_000;

export const annotationKeys = {
  all: (tenant: string) => [tenant, "evolution.annotation"] as const,
  next: (tenant: string) => [...annotationKeys.all(tenant), "next"] as const,
  progress: (tenant: string) => [...annotationKeys.all(tenant), "progress"] as const,
  agreement: (tenant: string) => [...annotationKeys.all(tenant), "agreement"] as const,
  policy: (tenant: string) => [tenant, "annotation-policy"] as const,
};

/** The turn that this person is asked about; asking takes the lease on it, or makes it last. */
export const useNextAnnotation = (tenant: string, isOn: boolean) =>
  useQuery({
    queryKey: annotationKeys.next(tenant),
    queryFn: ({ signal }) =>
      api<AnnotationNext>(`/t/${tenant}/annotations/next/`, { method: "POST", signal }),
    enabled: isOn,
    // What was shown when the page was left may be with somebody else by now.
    gcTime: 0,
  });

export const useAnnotationProgress = (tenant: string, isOn = true) =>
  useQuery({
    queryKey: annotationKeys.progress(tenant),
    queryFn: ({ signal }) =>
      api<AnnotationProgress>(`/t/${tenant}/annotations/progress/`, { signal }),
    enabled: isOn,
  });

export const useAgreement = (tenant: string) =>
  useQuery({
    queryKey: annotationKeys.agreement(tenant),
    queryFn: ({ signal }) => api<Agreement>(`/t/${tenant}/annotations/agreement/`, { signal }),
  });

export const useAnnotationPolicy = (tenant: string) =>
  useQuery({
    queryKey: annotationKeys.policy(tenant),
    queryFn: ({ signal }) => api<AnnotationPolicy>(`/t/${tenant}/annotations/policy/`, { signal }),
  });

export type Verdict = -1 | 0 | 1;
export type AnnotationAnswer = {
  id: string;
  value: Verdict;
  comment: string;
  correction: string;
};

export function useAnnotationActions(tenant: string) {
  const queryClient = useQueryClient();
  const forget = () => queryClient.invalidateQueries({ queryKey: annotationKeys.all(tenant) });
  const answer = useMutation({
    mutationFn: ({ id, ...body }: AnnotationAnswer) =>
      api<AnnotationDetail>(`/t/${tenant}/annotations/${id}/answer/`, { method: "POST", body }),
    // Also when somebody was faster: then there is another turn to look at.
    onSettled: forget,
  });
  const skip = useMutation({
    mutationFn: (id: string) =>
      api<AnnotationDetail>(`/t/${tenant}/annotations/${id}/skip/`, { method: "POST", body: {} }),
    onSettled: forget,
  });
  const savePolicy = useMutation({
    mutationFn: (policy: AnnotationPolicy) =>
      api<AnnotationPolicy>(`/t/${tenant}/annotations/policy/`, { method: "PUT", body: policy }),
    onSuccess: (saved) => {
      queryClient.setQueryData(annotationKeys.policy(tenant), saved);
      return forget();
    },
  });
  return { answer, skip, savePolicy };
}

/** Tells the others that this turn is being looked at, for as long as it is on the screen. */
export function useAnnotationLease(tenant: string, id: string) {
  const path = `/t/${tenant}/annotations/${id}/lease/`;
  useBeat({
    isOn: true,
    everyMs: RENEW_MS,
    beat: () => void api<AnnotationDetail>(path, { method: "POST" }).catch(ignoreRefusal),
    end: () => void api<void>(path, { method: "DELETE", outlivesPage: true }).catch(ignoreRefusal),
  });
}

/** Somebody else may look at it by now: answering says so. */
function ignoreRefusal(error: unknown) {
  if (!(error instanceof ApiError)) throw error;
}
