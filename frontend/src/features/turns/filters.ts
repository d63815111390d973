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
};

export type TurnSearch = TurnFilters & { peek?: string };

/** Reads the address; unknown names and wrong values are dropped rather than refused. */
export function parseTurnSearch(search: Record<string, unknown>): TurnSearch {
  const result: TurnSearch = {};
  for (const name of ["q", "agent", "model", "session", "skill", "peek"] as const) {
    const value = search[name];
    // The router reads `?q=42` as a number.
    if (typeof value === "string" || typeof value === "number") result[name] = String(value);
  }
  const outcome = OUTCOMES.find((known) => known === search.outcome);
  if (outcome) result.outcome = outcome;
  const status = STATUSES.find((known) => known === search.status);
  if (status) result.status = status;
  return result;
}

export function filtersOf({ peek: _peek, ...filters }: TurnSearch): TurnFilters {
  return filters;
}
