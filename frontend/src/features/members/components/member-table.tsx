import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMemo } from "react";
import type { Member } from "@/client/contract";
import { Ago } from "@/components/ago";
import { type Column, DataTable } from "@/components/data-table";
import { Moment } from "@/components/moment";
import { Tag } from "@/components/tag";
import { lastOwnerOf, ROLES } from "../roles";
import { RemoveButton } from "./remove-button";
import { RoleSelect } from "./role-select";

type Props = { members: Member[]; onLeft: () => void };

export function MemberTable({ members, onLeft }: Props) {
  const lastOwner = lastOwnerOf(members);
  const columns = useMemo(() => columnsFor(lastOwner, onLeft), [lastOwner, onLeft]);
  return (
    <DataTable label={t`Members`} rows={members} columns={columns} rowId={(member) => member.id} />
  );
}

function columnsFor(lastOwner: string | null, onLeft: () => void): Column<Member>[] {
  return [
    {
      id: "name",
      header: t`Name`,
      sortBy: (member) => (member.name || member.email).toLowerCase(),
      cell: (member) => <Who member={member} />,
    },
    {
      id: "email",
      header: t`Email`,
      sortBy: (member) => member.email,
      cell: (member) => (
        <span className="block min-w-44 wrap-anywhere text-mute">{member.email}</span>
      ),
    },
    {
      id: "role",
      header: t`Role`,
      sortBy: (member) => ROLES.indexOf(member.role),
      cell: (member) => <RoleSelect member={member} isLastOwner={member.id === lastOwner} />,
    },
    {
      id: "joined",
      header: t`Joined`,
      sortBy: (member) => member.joined_at,
      cell: (member) => <Moment at={member.joined_at} look="day" />,
    },
    {
      id: "last",
      header: t`Last sign-in`,
      sortBy: (member) => member.last_sign_in ?? "",
      cell: ({ last_sign_in }) =>
        last_sign_in ? (
          <Ago at={last_sign_in} />
        ) : (
          <span className="text-mute">
            <Trans>never</Trans>
          </span>
        ),
    },
    {
      id: "actions",
      header: (
        <span className="sr-only">
          <Trans>Actions</Trans>
        </span>
      ),
      isNumeric: true,
      cell: (member) => (
        <RemoveButton member={member} isLastOwner={member.id === lastOwner} onLeft={onLeft} />
      ),
    },
  ];
}

function Who({ member }: { member: Member }) {
  return (
    <span className="flex items-center gap-2">
      <span className="font-medium">{member.name || member.email}</span>
      {member.is_you && (
        <Tag tone="info">
          <Trans>you</Trans>
        </Tag>
      )}
      {!member.is_active && (
        <Tag tone="warn" title={t`This account was shut: nobody signs in with it.`}>
          <Trans>shut</Trans>
        </Tag>
      )}
    </span>
  );
}
