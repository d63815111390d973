import { queryOptions } from "@tanstack/react-query";
import type { Windows } from "@/client/contract";
import { api } from "@/lib/api";
import { askAgainAfter } from "@/lib/live";

const LEAST_MS = 5_000;
const MOST_MS = 3_600_000;

/** Whether training may go on, now and in the days to come; read again when the hour changes it. */
export const windowsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, "training.window", "now"],
    queryFn: ({ signal }) => api<Windows>(`/t/${tenant}/training/windows/`, { signal }),
    refetchInterval: ({ state }) => askAgainAfter(untilChange(state.data)),
  });

/** Milliseconds until the clock changes what is said of windows; all else is pushed. */
function untilChange(windows: Windows | undefined): number {
  const { is_open, closes_at, next_opens_at } = windows?.verdict ?? {};
  const next = is_open ? closes_at : next_opens_at;
  const left = next ? Date.parse(next) - Date.now() : MOST_MS;
  // The scheduler looks once a minute: what is due is asked for until it has.
  return Math.min(MOST_MS, Math.max(LEAST_MS, left + 1000));
}

type Slot = Windows["forecast"][number];

/** Windows that run into each other as one: of sleep hours and after a silence, say. */
export function joinedSlots(slots: readonly Slot[]): Slot[] {
  const found: Slot[] = [];
  for (const slot of slots.toSorted((a, b) => Date.parse(a.opens_at) - Date.parse(b.opens_at))) {
    const last = found.at(-1);
    if (!last || Date.parse(slot.opens_at) > Date.parse(last.closes_at)) {
      found.push({ ...slot });
    } else if (Date.parse(slot.closes_at) > Date.parse(last.closes_at)) {
      last.closes_at = slot.closes_at;
    }
  }
  return found;
}
