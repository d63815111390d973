import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Export, ExportRequest } from "@/client/contract";
import { api } from "@/lib/api";
import { dayEnd, dayStart } from "@/lib/days";
import type { TurnFilters } from "../filters";

export type Choice = Pick<ExportRequest, "redaction" | "encoding">;

/** Has the turns that the list shows exported; the file is found under Settings. */
export function useExportTurns(tenant: string, filters: TurnFilters) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (choice: Choice) =>
      api<Export>(`/t/${tenant}/exports/`, {
        method: "POST",
        body: { kind: "turns", ...choice, filters: asMoments(filters) } satisfies ExportRequest,
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [tenant, "exports.export"] }),
  });
}

function asMoments({ since, until, ...rest }: TurnFilters) {
  return {
    ...rest,
    ...(since && { since: dayStart(since) }),
    ...(until && { until: dayEnd(until) }),
  };
}
