import { useQuery } from "@tanstack/react-query";
import type { ProposalDetail } from "@/client/contract";
import { api } from "@/lib/api";

/** How the server notes on a version where its text comes from. */
const PROPOSAL = /proposal ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The proposal that a version was, with the turns behind it; none for what people wrote. */
export function useProposalBehind(tenant: string, note: string) {
  const id = PROPOSAL.exec(note)?.[1] ?? "";
  return useQuery({
    queryKey: [tenant, "evolution.proposal", "one", id],
    queryFn: ({ signal }) => api<ProposalDetail>(`/t/${tenant}/proposals/${id}/`, { signal }),
    enabled: id !== "",
  });
}
