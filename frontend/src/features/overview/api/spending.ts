import { useQuery } from "@tanstack/react-query";
import { spendingQuery } from "@/lib/spending";

/** What is spent of each limit of money. */
export const useLimits = (tenant: string) =>
  useQuery({ ...spendingQuery(tenant), select: (page) => page.results });
