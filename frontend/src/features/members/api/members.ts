import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Member, Page, Role } from "@/client/contract";
import { api, query } from "@/lib/api";

const memberKeys = {
  all: (tenant: string) => [tenant, "tenants.member"] as const,
};

export const useMembers = (tenant: string) =>
  useQuery({
    queryKey: memberKeys.all(tenant),
    queryFn: ({ signal }) => everybody(tenant, signal),
  });

/** All pages: the table sorts people by what the reader wants, and knows how many own it. */
async function everybody(tenant: string, signal: AbortSignal): Promise<Member[]> {
  const found: Member[] = [];
  let cursor: string | null = null;
  do {
    const search: string = query({ limit: 200, cursor });
    const page: Page<Member> = await api(`/t/${tenant}/members/${search}`, { signal });
    found.push(...page.results);
    cursor = page.next;
  } while (cursor);
  return found;
}

export function useChangeMember(tenant: string) {
  const onSettled = useRefresh(tenant);
  return useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) =>
      api<Member>(`/t/${tenant}/members/${id}/`, { method: "PATCH", body: { role } }),
    onSettled,
  });
}

/** Ends a membership; the reader's own, too, who then has nothing to ask here any more. */
export function useRemoveMember(tenant: string) {
  const refresh = useRefresh(tenant);
  return useMutation({
    mutationFn: (member: Member) => api(`/t/${tenant}/members/${member.id}/`, { method: "DELETE" }),
    onSettled: (_, error, { is_you }) => (is_you && !error ? undefined : refresh()),
  });
}

function useRefresh(tenant: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: memberKeys.all(tenant) });
}
