export type ExperimentTab = "canaries" | "playground";

/** What the Experiments page keeps in its address. */
export type ExperimentSearch = { tab?: ExperimentTab };

export function parseExperimentSearch(search: Record<string, unknown>): ExperimentSearch {
  return search.tab === "playground" ? { tab: "playground" } : {};
}
