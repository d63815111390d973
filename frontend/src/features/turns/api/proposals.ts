import { useQuery } from "@tanstack/react-query";
import type { Page, Proposal } from "@/client/contract";
import { api, query } from "@/lib/api";

export const proposalKeys = {
  ofTurn: (tenant: string, turn: string) => [tenant, "evolution.proposal", "turn", turn] as const,
};

/** The proposals, decided ones too, that have this turn among their evidence. */
export const useProposalsOfTurn = (tenant: string, turn: string) =>
  useQuery({
    queryKey: proposalKeys.ofTurn(tenant, turn),
    queryFn: ({ signal }) =>
      api<Page<Proposal>>(`/t/${tenant}/proposals/${query({ status: "all", turn })}`, { signal }),
    select: (page) => page.results,
  });
