import { queryOptions } from "@tanstack/react-query";
import type { LimitNow, Page } from "@/client/contract";
import { api, query } from "@/lib/api";

/** The limits of money with what is spent of them. Every turn is spending: read again with it. */
export const spendingQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, "usage.limit"],
    queryFn: ({ signal }) =>
      api<Page<LimitNow>>(`/t/${tenant}/usage/now/${query({ limit: 200 })}`, { signal }),
  });

/** How much of a budget is gone, from 0 to 1. A budget of nothing is used up from the start. */
export const partSpent = (spent: number, of: number) => (of === 0 ? 1 : Math.min(1, spent / of));
