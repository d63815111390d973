import { useQuery } from "@tanstack/react-query";
import type { Windows } from "@/client/contract";
import { api } from "@/lib/api";

/** Whether training may go on now, and when that changes. */
export const useWindowNow = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "training.window", "now"],
    queryFn: ({ signal }) => api<Windows>(`/t/${tenant}/training/windows/`, { signal }),
    select: ({ verdict }) => verdict,
    // What it says depends on the hour, and on traffic that nobody announces.
    refetchInterval: 60_000,
  });
