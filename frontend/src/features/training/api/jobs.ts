import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, TrainingJob, TrainingJobDetail, TrainingJobInput } from "@/client/contract";
import { api, query } from "@/lib/api";

export const jobKeys = {
  all: (tenant: string) => [tenant, "training.job"] as const,
  list: (tenant: string, policy: string) => [...jobKeys.all(tenant), "list", policy] as const,
  one: (tenant: string, id: string) => [...jobKeys.all(tenant), "one", id] as const,
};

/** Latest first; of all policies where none is named. */
export const useJobs = (tenant: string, policy = "") =>
  useQuery({
    queryKey: jobKeys.list(tenant, policy),
    queryFn: ({ signal }) =>
      api<Page<TrainingJob>>(`/t/${tenant}/training/jobs/${query({ policy, limit: 100 })}`, {
        signal,
      }),
    select: (page) => page.results,
  });

/** A job with its steps. */
export const useJob = (tenant: string, id: string | undefined) =>
  useQuery({
    queryKey: jobKeys.one(tenant, id ?? ""),
    queryFn: ({ signal }) =>
      api<TrainingJobDetail>(`/t/${tenant}/training/jobs/${id}/`, { signal }),
    enabled: id !== undefined,
  });

export function useStartJob(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: TrainingJobInput) =>
      api<TrainingJobDetail>(`/t/${tenant}/training/jobs/`, { method: "POST", body }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: jobKeys.all(tenant) }),
  });
}

/** What a person may say to a job under way. It ends or pauses after the step in hand. */
export function useJobActions(tenant: string, id: string) {
  const queryClient = useQueryClient();
  // Also where it was refused: the job is then not what the page showed.
  const onSettled = () => queryClient.invalidateQueries({ queryKey: jobKeys.all(tenant) });
  const say = (what: string, body?: unknown) =>
    api<TrainingJobDetail>(`/t/${tenant}/training/jobs/${id}/${what}/`, {
      method: "POST",
      ...(body !== undefined && { body }),
    });
  const pause = useMutation({ mutationFn: () => say("pause"), onSettled });
  const cancel = useMutation({ mutationFn: () => say("cancel"), onSettled });
  const resume = useMutation({
    mutationFn: (is_now: boolean) => say("resume", { is_now }),
    onSettled,
  });
  return { pause, cancel, resume };
}
