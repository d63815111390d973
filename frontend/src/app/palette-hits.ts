import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ListedTurn, Page, Proposal, Skill } from "@/client/contract";
import { api, query } from "@/lib/api";

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

function matches({ slug, description }: Proposal, words: string): boolean {
  return `${slug} ${description}`.toLowerCase().includes(words.toLowerCase());
}
