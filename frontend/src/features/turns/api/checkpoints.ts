import { useQuery } from "@tanstack/react-query";
import type { Checkpoint, Page } from "@/client/contract";
import { api, query } from "@/lib/api";

/** The first checkpoints that learned from a turn; mostly none. */
export const useCheckpointsOfTurn = (tenant: string, turn: string) =>
  useQuery({
    queryKey: [tenant, "training.checkpoint", "turn", turn],
    queryFn: ({ signal }) =>
      api<Page<Checkpoint>>(`/t/${tenant}/training/checkpoints/${query({ turn })}`, { signal }),
    select: (page) => page.results,
  });
