export type PolicySearch = { tab?: "settings"; job?: string };

/** The address of a policy's page: which part of it, and which job's curves. */
export function parsePolicySearch(search: Record<string, unknown>): PolicySearch {
  return {
    ...(search.tab === "settings" && { tab: "settings" as const }),
    ...(typeof search.job === "string" && { job: search.job }),
  };
}
