import { useQuery } from "@tanstack/react-query";
import { windowsQuery } from "@/lib/windows";

/** Whether training may go on now, and when that changes. */
export const useWindowNow = (tenant: string) =>
  useQuery({ ...windowsQuery(tenant), select: ({ verdict }) => verdict });
