import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, SavedFilter, SavedFilterInput } from "@/client/contract";
import { api } from "@/lib/api";

const filterKey = (tenant: string) => [tenant, "tenants.saved-filter"] as const;

/** What the reader keeps, of every page, by name. Nobody else's. */
export const useSavedFilters = (tenant: string, isWanted = true) =>
  useQuery({
    queryKey: filterKey(tenant),
    queryFn: ({ signal }) =>
      api<Page<SavedFilter>>(`/t/${tenant}/saved-filters/?limit=200`, { signal }),
    select: ({ results }) => results.toSorted((one, other) => one.name.localeCompare(other.name)),
    enabled: isWanted,
  });

export function useSavedFilterActions(tenant: string) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: filterKey(tenant) });
  const keep = useMutation({
    mutationFn: (body: SavedFilterInput) =>
      api<SavedFilter>(`/t/${tenant}/saved-filters/`, { method: "PUT", body }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      api<void>(`/t/${tenant}/saved-filters/${id}/`, { method: "DELETE" }),
    onSuccess,
  });
  return { keep, remove };
}
