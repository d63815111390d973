import type { Replay } from "@/client/contract";

const TABS = ["playground", "replays"] as const;

export const REPLAY_STATUSES = ["running", "done", "cancelled", "failed"] as const;
export const REPLAY_VERDICTS = ["lift", "no_lift", "harm"] as const;

export type ExperimentTab = "canaries" | (typeof TABS)[number];

export type ReplayFilters = {
  status?: Replay["status"];
  verdict?: (typeof REPLAY_VERDICTS)[number];
};

/** What the Experiments page keeps in its address; the filters are those of the replays. */
export type ExperimentSearch = ReplayFilters & {
  tab?: (typeof TABS)[number];
  /** The one that is looked at more closely. */
  canary?: string;
  replay?: string;
};

export function parseExperimentSearch(search: Record<string, unknown>): ExperimentSearch {
  const tab = TABS.find((known) => known === search.tab);
  if (!tab) return typeof search.canary === "string" ? { canary: search.canary } : {};
  if (tab !== "replays") return { tab };
  return {
    tab,
    ...parseReplayFilters(search),
    ...(typeof search.replay === "string" && { replay: search.replay }),
  };
}

export function parseReplayFilters(search: Record<string, unknown>): ReplayFilters {
  const status = REPLAY_STATUSES.find((known) => known === search.status);
  const verdict = REPLAY_VERDICTS.find((known) => known === search.verdict);
  return { ...(status && { status }), ...(verdict && { verdict }) };
}
