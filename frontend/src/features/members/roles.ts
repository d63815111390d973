import { t } from "@lingui/core/macro";
import type { Member, Role } from "@/client/contract";

/** From the least to the most: each may what the ones before it may. */
export const ROLES: Role[] = ["viewer", "member", "reviewer", "admin", "owner"];

export const ROLE_HINTS: Record<Role, string> = {
  viewer: t`Sees everything but exports, jobs and the audit log; changes nothing.`,
  member: t`Also gives feedback on turns, asks reviewers, takes exports and sends test requests.`,
  reviewer: t`Also decides proposals, judges turns, kills skills and passes checkpoints.`,
  admin: t`Also changes skills, keys, upstreams, budgets, training, settings and members.`,
  owner: t`Everything, also other owners and the end of the workspace.`,
};

type Reader = { may: (role: Role) => boolean };

/** Why the reader may not give this member another role; null: they may. */
export function whyNotChange({ may }: Reader, member: Member, isLastOwner: boolean): string | null {
  if (!may("admin")) return t`Admins and above change roles.`;
  if (member.role === "owner" && !may("owner")) return t`Only owners make and unmake owners.`;
  return isLastOwner ? lastOwner() : null;
}

/** Why the reader may not remove this member, or leave. */
export function whyNotRemove({ may }: Reader, member: Member, isLastOwner: boolean): string | null {
  if (isLastOwner) return lastOwner();
  if (member.is_you) return null;
  if (!may("admin")) return t`Admins and above remove members.`;
  return member.role === "owner" && !may("owner") ? t`Only owners remove owners.` : null;
}

const lastOwner = () => t`The last owner stays. Make somebody else an owner first.`;

/** The one owner who can sign in; somebody whose account was shut does not count. */
export function lastOwnerOf(members: Member[]): string | null {
  const owners = members.filter(({ role, is_active }) => role === "owner" && is_active);
  return owners.length === 1 && owners[0] ? owners[0].id : null;
}
