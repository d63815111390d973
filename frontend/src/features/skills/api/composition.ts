import { useQuery } from "@tanstack/react-query";
import type { SkillComposition } from "@/client/contract";
import { api } from "@/lib/api";
import { skillKeys } from "./skills";

/** Which live skill uses which. */
export const useComposition = (tenant: string) =>
  useQuery({
    queryKey: [...skillKeys.all(tenant), "composition"],
    queryFn: ({ signal }) => api<SkillComposition>(`/t/${tenant}/library/composition/`, { signal }),
  });
