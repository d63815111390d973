import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type {
  Canary,
  EvolutionRun,
  FailureCluster,
  ListedTurn,
  Page,
  Proposal,
  Replay,
  Skill,
  TrainingJob,
} from "@/client/contract";
import { runName, shownBy } from "@/features/learning/learning-words";
import { api, query } from "@/lib/api";

/** Something that went on for a while; `policy` is that of a training job. */
export type Run = {
  id: string;
  kind: "canary" | "replay" | "job" | "evolver" | "pattern";
  name: string;
  created_at: string;
  policy?: string;
};

/** What the palette finds for `words`; without words, the latest of each kind. */
export function usePaletteHits(tenant: string, words: string) {
  const hits = useQuery({
    queryKey: [tenant, "palette", words],
    queryFn: async ({ signal }) => {
      const [skills, turns, proposals] = await Promise.all([
        api<Page<Skill>>(`/t/${tenant}/skills/${query({ q: words, limit: 5 })}`, { signal }),
        api<Page<ListedTurn>>(`/t/${tenant}/turns/${query({ q: words, limit: 5 })}`, { signal }),
        api<Page<Proposal>>(`/t/${tenant}/proposals/${query({ limit: 50 })}`, { signal }),
      ]);
      return {
        skills: skills.results.slice(0, 5),
        turns: turns.results.slice(0, 5),
        proposals: proposals.results.filter((each) => matches(each, words)).slice(0, 5),
      };
    },
    placeholderData: keepPreviousData,
  });
  return {
    skills: hits.data?.skills ?? [],
    turns: hits.data?.turns ?? [],
    proposals: hits.data?.proposals ?? [],
    isFetching: hits.isFetching,
  };
}

/** Canaries, replays, training jobs, runs of the evolver and patterns of failure, by what they are about or by their id. */
export function usePaletteRuns(tenant: string, words: string): Run[] {
  const runs = useQuery({
    queryKey: [tenant, "palette.runs"],
    queryFn: async ({ signal }) => {
      const latest = query({ limit: 100 });
      const [canaries, replays, jobs, runs, clusters] = await Promise.all([
        api<Page<Canary>>(`/t/${tenant}/canaries/${latest}`, { signal }),
        api<Page<Replay>>(`/t/${tenant}/replays/${latest}`, { signal }),
        api<Page<TrainingJob>>(`/t/${tenant}/training/jobs/${latest}`, { signal }),
        api<Page<EvolutionRun>>(`/t/${tenant}/evolution-runs/${latest}`, { signal }),
        api<Page<FailureCluster>>(`/t/${tenant}/failure-clusters/${latest}`, { signal }),
      ]);
      return [
        ...canaries.results.map((row): Run => ({ ...row, kind: "canary", name: row.slug })),
        ...replays.results.map((row): Run => ({ ...row, kind: "replay", name: row.slug })),
        ...jobs.results.map((row): Run => ({ ...row, kind: "job", name: row.policy_name })),
        ...runs.results.map((row): Run => ({ ...row, kind: "evolver", name: runName(row) })),
        ...clusters.results.map((row): Run => ({ ...row, kind: "pattern", name: shownBy(row) })),
      ];
    },
    // The latest turns, skills and proposals are offered without being asked for; these are many.
    enabled: words !== "",
  });
  const wanted = words.toLowerCase();
  const found = (runs.data ?? []).filter(
    ({ id, name }) => name.toLowerCase().includes(wanted) || id.startsWith(wanted),
  );
  return words === "" ? [] : found.slice(0, 8);
}

function matches({ slug, description }: Proposal, words: string): boolean {
  return `${slug} ${description}`.toLowerCase().includes(words.toLowerCase());
}
