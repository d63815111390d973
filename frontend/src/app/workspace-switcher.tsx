import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useState } from "react";
import type { SessionTenant } from "@/client/contract";
import { Logo } from "@/components/logo";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuRule, MenuTrigger } from "@/components/menu";
import { useSession } from "@/features/session/api/session";
import { NewWorkspace } from "./new-workspace";

export function WorkspaceSwitcher({ tenant }: { tenant: SessionTenant }) {
  const { tenants, creation_refusal: refusal } = useSession();
  const navigate = useNavigate();
  const [isMaking, setIsMaking] = useState(false);
  return (
    <>
      <Menu>
        <MenuTrigger className="flex h-9 shrink-0 items-center gap-2.5 rounded-md px-1.5 text-left transition-colors hover:bg-line/50">
          <Logo className="size-6 shrink-0" />
          <span className="min-w-0 flex-1 leading-4">
            <span className="block truncate font-semibold">{tenant.name}</span>
            <span className="block truncate text-2xs text-mute">
              {tenant.role}
              <span className="sr-only">
                <Trans>, change workspace</Trans>
              </span>
            </span>
          </span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-mute" aria-hidden />
        </MenuTrigger>
        <MenuContent align="start">
          <MenuLabel>
            <Trans>Workspaces</Trans>
          </MenuLabel>
          {tenants.map(({ slug, name, role }) => (
            <MenuItem
              key={slug}
              onSelect={() =>
                void navigate({ to: "/t/$tenant/overview", params: { tenant: slug } })
              }
            >
              <span className="min-w-0 flex-1 truncate">
                {name} <span className="text-xs text-mute">{role}</span>
              </span>
              {slug === tenant.slug && <Check aria-label={t`current`} />}
            </MenuItem>
          ))}
          <MenuRule />
          <MenuItem disabled={refusal !== null} onSelect={() => setIsMaking(true)}>
            <Plus aria-hidden className="text-mute" /> <Trans>New workspace…</Trans>
          </MenuItem>
          {refusal && <MenuLabel>{refusal}</MenuLabel>}
        </MenuContent>
      </Menu>
      <NewWorkspace isOpen={isMaking} onClose={() => setIsMaking(false)} />
    </>
  );
}
