import { useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api";

/** Whether training may go on now, and when that changes. */
export type WindowVerdict = {
  is_open: boolean;
  code: string;
  sentence: string;
  closes_at: string | null;
  next_opens_at: string | null;
};

export const useWindowNow = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "training.window", "now"],
    queryFn: ({ signal }) =>
      api<{ verdict: WindowVerdict }>(`/t/${tenant}/training/windows/`, { signal }),
    select: ({ verdict }) => verdict,
    // What it says depends on the hour, and on traffic that nobody announces.
    refetchInterval: 60_000,
  });
