import type { Outcome, TurnStatus } from "@/client/contract";
import { OUTCOMES, STATUSES } from "@/components/outcome-tag";

/** What the Turns page keeps in its address. */
export type TurnFilters = {
  q?: string;
  outcome?: Outcome;
  status?: TurnStatus;
  agent?: string;
  model?: string;
  session?: string;
  skill?: string;
  upstream?: string;
  key?: string;
  split?: "support" | "query";
  score_min?: number;
  score_max?: number;
  /** Days, both of them included. */
  since?: string;
  until?: string;
};

/** In which order a search for words lists what it finds; without it newest first. */
export type TurnOrder = "best";

export type TurnSearch = TurnFilters & { peek?: string; order?: TurnOrder };

/** Reads the address; unknown names and wrong values are dropped rather than refused. */
export function parseTurnSearch(search: Record<string, unknown>): TurnSearch {
  const result: TurnSearch = {};
  for (const name of [
    "q",
    "agent",
    "model",
    "session",
    "skill",
    "upstream",
    "key",
    "peek",
  ] as const) {
    const value = search[name];
    // The router reads `?q=42` as a number.
    if (typeof value === "string" || typeof value === "number") result[name] = String(value);
  }
  const outcome = OUTCOMES.find((known) => known === search.outcome);
  if (outcome) result.outcome = outcome;
  const status = STATUSES.find((known) => known === search.status);
  if (status) result.status = status;
  if (search.order === "best") result.order = search.order;
  if (search.split === "support" || search.split === "query") result.split = search.split;
  for (const name of ["score_min", "score_max"] as const) {
    const value = Number(search[name]);
    const isGiven = search[name] !== undefined && search[name] !== "";
    if (isGiven && value >= -1 && value <= 1) result[name] = value;
  }
  for (const name of ["since", "until"] as const) {
    const value = search[name];
    if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) result[name] = value;
  }
  return result;
}

export function filtersOf({ peek: _peek, order: _order, ...filters }: TurnSearch): TurnFilters {
  return filters;
}

/** What is kept of an address under a name: all but the turn that is looked at. */
export function savedOf({ peek: _peek, ...rest }: TurnSearch): Omit<TurnSearch, "peek"> {
  return rest;
}
