/** What the Sessions page keeps in its address. */
export type SessionFilters = {
  q?: string;
  agent?: string;
  source?: string;
  state?: "open" | "closed";
  since?: string;
  until?: string;
};

/** Reads the address; unknown names and wrong values are dropped rather than refused. */
export function parseSessionFilters(search: Record<string, unknown>): SessionFilters {
  const result: SessionFilters = {};
  for (const name of ["q", "agent", "source"] as const) {
    const value = search[name];
    // The router reads `?q=42` as a number.
    if (typeof value === "string" || typeof value === "number") result[name] = String(value);
  }
  for (const name of ["since", "until"] as const) {
    const value = search[name];
    if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) result[name] = value;
  }
  if (search.state === "open" || search.state === "closed") result.state = search.state;
  return result;
}
