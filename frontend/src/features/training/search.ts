const NAMES = ["job", "rollout", "checkpoint"] as const;

/** The address of a policy's page: which part of it, which job's curves, and what is open. */
export type PolicySearch = { tab?: "settings" } & { [name in (typeof NAMES)[number]]?: string };

export function parsePolicySearch(search: Record<string, unknown>): PolicySearch {
  const named = NAMES.filter((name) => typeof search[name] === "string");
  return {
    ...(search.tab === "settings" && { tab: "settings" as const }),
    ...Object.fromEntries(named.map((name) => [name, search[name]])),
  };
}
