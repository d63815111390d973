import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import type { Member, Role } from "@/client/contract";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Select } from "@/components/field";
import { errorText } from "@/lib/api";
import { ROLE_NAMES } from "@/lib/role-names";
import { useTenant } from "@/lib/tenant";
import { useChangeMember } from "../api/members";
import { ROLES, whyNotChange } from "../roles";

type Props = { member: Member; isLastOwner: boolean };

/** A member's role. Another one holds at once; the toast takes it back. */
export function RoleSelect({ member, isLastOwner }: Props) {
  const tenant = useTenant();
  const change = useChangeMember(tenant.slug);
  // Who gives up a role of their own has nothing to take it back with.
  const [asked, setAsked] = useState<Role | null>(null);
  const reason = whyNotChange(tenant, member, isLastOwner);
  const name = member.name || member.email;
  const onError = (error: Error) => toast.error(errorText(error));

  function give(role: Role, before: Role) {
    const undo = () => change.mutate({ id: member.id, role: before }, { onError });
    change.mutate(
      { id: member.id, role },
      {
        onError,
        onSuccess: () =>
          toast(t`${name} is ${ROLE_NAMES[role]} now.`, {
            ...(!member.is_you && { action: { label: t`Undo`, onClick: undo } }),
          }),
        onSettled: () => setAsked(null),
      },
    );
  }

  return (
    <>
      <Select
        isInline
        aria-label={t`Role of ${name}`}
        disabled={reason !== null || change.isPending}
        title={reason ?? undefined}
        value={change.isPending ? change.variables.role : member.role}
        onChange={({ target }) => {
          const role = target.value as Role;
          if (member.is_you) setAsked(role);
          else give(role, member.role);
        }}
      >
        {ROLES.map((role) => (
          <option key={role} value={role} disabled={role === "owner" && !tenant.may("owner")}>
            {ROLE_NAMES[role]}
          </option>
        ))}
      </Select>
      <ConfirmDialog
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        title={t`Become ${asked ? ROLE_NAMES[asked] : ""}?`}
        action={t`Change my role`}
        isBusy={change.isPending}
        onConfirm={() => asked && give(asked, member.role)}
      >
        <Trans>
          You are {ROLE_NAMES[member.role]} now. Only somebody else can give that back to you.
        </Trans>
      </ConfirmDialog>
    </>
  );
}
