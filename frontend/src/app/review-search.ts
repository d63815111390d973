import type { ProposalStatus } from "@/client/contract";

export type ReviewSearch = { status?: Exclude<ProposalStatus, "pending"> };

export function parseReviewSearch(search: Record<string, unknown>): ReviewSearch {
  const { status } = search;
  return status === "approved" || status === "rejected" || status === "quarantined"
    ? { status }
    : {};
}
