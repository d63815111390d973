import { dayEnd, dayStart } from "@/lib/days";

/** As they stand in the address; days are the reader's. */
export type AuditFilters = {
  q?: string;
  actor?: string;
  action?: string;
  since?: string;
  until?: string;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NAMES = ["q", "actor", "action", "since", "until"] as const;

/** Reads the address; unknown names and wrong values are dropped rather than refused. */
export function parseAuditFilters(search: Record<string, unknown>): AuditFilters {
  const found: AuditFilters = {};
  for (const name of NAMES) {
    const value = search[name];
    // A day or a number in an address comes as what it looks like.
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text !== "string" || !text.trim()) continue;
    if ((name === "since" || name === "until") && !isDay(text)) continue;
    found[name] = text;
  }
  return found;
}

const isDay = (text: string) => DAY.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00`));

export const asked = ({ since, until, ...rest }: AuditFilters) => ({
  ...rest,
  ...(since && { since: dayStart(since) }),
  ...(until && { until: dayEnd(until) }),
});
