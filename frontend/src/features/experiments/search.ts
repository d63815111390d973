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
export type ExperimentSearch = ReplayFilters & { tab?: (typeof TABS)[number] };

export function parseExperimentSearch(search: Record<string, unknown>): ExperimentSearch {
  const tab = TABS.find((known) => known === search.tab);
  return { ...(tab && { tab }), ...(tab === "replays" && parseReplayFilters(search)) };
}

export function parseReplayFilters(search: Record<string, unknown>): ReplayFilters {
  const status = REPLAY_STATUSES.find((known) => known === search.status);
  const verdict = REPLAY_VERDICTS.find((known) => known === search.verdict);
  return { ...(status && { status }), ...(verdict && { verdict }) };
}
