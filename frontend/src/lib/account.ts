import { queryOptions } from "@tanstack/react-query";
import type { Account } from "@/client/contract";
import { api } from "./api";

/** Beside the session, not under a workspace: it is forgotten with the person. */
export const accountQuery = () =>
  queryOptions({
    queryKey: ["account"],
    queryFn: ({ signal }) => api<Account>("/account/", { signal }),
    // Only the person changes it.
    refetchInterval: false,
  });
