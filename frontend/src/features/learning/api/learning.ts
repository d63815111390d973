import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  EvolutionRun,
  EvolutionRunDetail,
  EvolverPrecision,
  FailureCluster,
  LearningPolicy,
  Page,
} from "@/client/contract";
import { api, query } from "@/lib/api";

const learningKeys = {
  all: (tenant: string) => [tenant, "evolution.run"] as const,
  policy: (tenant: string) => [...learningKeys.all(tenant), "policy"] as const,
  clusters: (tenant: string) => [...learningKeys.all(tenant), "clusters"] as const,
  runs: (tenant: string) => [...learningKeys.all(tenant), "runs"] as const,
};

export const useLearningPolicy = (tenant: string) =>
  useQuery({
    queryKey: learningKeys.policy(tenant),
    queryFn: ({ signal }) => api<LearningPolicy>(`/t/${tenant}/learning-policy/`, { signal }),
  });

/** Failures by pattern, latest first. */
export const useClusters = (tenant: string) =>
  useQuery({
    queryKey: learningKeys.clusters(tenant),
    queryFn: ({ signal }) =>
      api<Page<FailureCluster>>(`/t/${tenant}/failure-clusters/`, { signal }),
    select: (page) => page.results,
  });

/** What the evolver was asked, latest first. */
export const useRuns = (tenant: string) =>
  useQuery({
    queryKey: learningKeys.runs(tenant),
    queryFn: ({ signal }) =>
      api<Page<EvolutionRun>>(`/t/${tenant}/evolution-runs/?limit=20`, { signal }),
    select: (page) => page.results,
  });

export const useRun = (tenant: string, id: string) =>
  useQuery({
    queryKey: [...learningKeys.runs(tenant), id],
    queryFn: ({ signal }) =>
      api<EvolutionRunDetail>(`/t/${tenant}/evolution-runs/${id}/`, { signal }),
  });

export const useCluster = (tenant: string, id: string) =>
  useQuery({
    queryKey: [...learningKeys.clusters(tenant), id],
    queryFn: ({ signal }) =>
      api<FailureCluster>(`/t/${tenant}/failure-clusters/${id}/`, { signal }),
  });

/** The runs that were about a pattern, latest first. */
export const useRunsAbout = (tenant: string, cluster: string) =>
  useQuery({
    queryKey: [...learningKeys.runs(tenant), { cluster }],
    queryFn: ({ signal }) =>
      api<Page<EvolutionRun>>(`/t/${tenant}/evolution-runs/${query({ cluster })}`, { signal }),
    select: (page) => page.results,
  });

/** What people made of the proposals, by the model and the prompt that wrote them. */
export const usePrecision = (tenant: string) =>
  useQuery({
    // Under the topic of proposals: a decision changes it.
    queryKey: [tenant, "evolution.proposal", "precision"],
    queryFn: ({ signal }) =>
      api<{ results: EvolverPrecision[] }>(`/t/${tenant}/evolvers/`, { signal }),
    select: ({ results }) => results,
  });

export type Rules = Omit<
  LearningPolicy,
  "state" | "today" | "held_at" | "held_reason" | "held_said" | "waived_judge"
>;

export function useLearningActions(tenant: string) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: learningKeys.all(tenant) });
  const save = useMutation({
    mutationFn: (rules: Rules) =>
      api<LearningPolicy>(`/t/${tenant}/learning-policy/`, { method: "PUT", body: rules }),
    onSuccess,
  });
  const run = useMutation({
    mutationFn: () =>
      api<LearningPolicy>(`/t/${tenant}/evolution-runs/`, { method: "POST", body: {} }),
    onSuccess,
  });
  const retry = useMutation({
    mutationFn: (id: string) =>
      api<FailureCluster>(`/t/${tenant}/failure-clusters/${id}/retry/`, {
        method: "POST",
        body: {},
      }),
    onSuccess,
  });
  const resume = useMutation({
    mutationFn: () =>
      api<LearningPolicy>(`/t/${tenant}/learning-policy/resume/`, { method: "POST", body: {} }),
    onSuccess,
  });
  return { save, run, retry, resume };
}
