import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Invitation, InvitationWithLink, Page, Role } from "@/client/contract";
import { api } from "@/lib/api";

const invitationKeys = {
  all: (tenant: string) => [tenant, "tenants.invitation"] as const,
};

/** As many as may wait at once. */
export const useInvitations = (tenant: string, isWanted: boolean) =>
  useQuery({
    queryKey: invitationKeys.all(tenant),
    queryFn: ({ signal }) =>
      api<Page<Invitation>>(`/t/${tenant}/invitations/?limit=200`, { signal }),
    select: (page) => page.results,
    enabled: isWanted,
  });

export function useInvite(tenant: string) {
  const onSuccess = useRefresh(tenant);
  return useMutation({
    mutationFn: (body: { email: string; role: Role }) =>
      api<InvitationWithLink>(`/t/${tenant}/invitations/`, { method: "POST", body }),
    onSuccess,
    // The link must not outlive the dialog that shows it.
    gcTime: 0,
  });
}

export function useRenewInvitation(tenant: string) {
  const onSettled = useRefresh(tenant);
  return useMutation({
    mutationFn: (id: string) =>
      api<InvitationWithLink>(`/t/${tenant}/invitations/${id}/renew/`, { method: "POST" }),
    onSettled,
    gcTime: 0,
  });
}

export function useRevokeInvitation(tenant: string) {
  const onSettled = useRefresh(tenant);
  return useMutation({
    mutationFn: (id: string) =>
      api<Invitation>(`/t/${tenant}/invitations/${id}/revoke/`, { method: "POST" }),
    onSettled,
  });
}

function useRefresh(tenant: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: invitationKeys.all(tenant) });
}
