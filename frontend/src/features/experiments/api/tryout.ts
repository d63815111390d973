import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Agent, Page, Tryout, TryoutAsked } from "@/client/contract";
import { api } from "@/lib/api";

/** Under the topic of skills: when the library moves, the answer is asked for anew. */
export const useTryout = (tenant: string, asked: TryoutAsked | null) =>
  useQuery({
    queryKey: [tenant, "skills.skill", "tryout", asked],
    queryFn: ({ signal }) =>
      api<Tryout>(`/t/${tenant}/library/tryout/`, { method: "POST", body: asked, signal }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Names of agents that have settings of their own; others may be typed. */
export const useAgentNames = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "tenants.agent", "names"],
    queryFn: ({ signal }) => api<Page<Agent>>(`/t/${tenant}/agents/?limit=200`, { signal }),
    select: (page) => page.results.map(({ name }) => name),
  });
