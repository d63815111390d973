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
