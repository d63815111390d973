import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown } from "lucide-react";
import type { SessionTenant } from "@/client/contract";
import { Logo } from "@/components/logo";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from "@/components/menu";
import { useSession } from "@/features/session/api/session";

export function WorkspaceSwitcher({ tenant }: { tenant: SessionTenant }) {
  const { tenants } = useSession();
  const navigate = useNavigate();
  return (
    <Menu>
      <MenuTrigger className="flex h-9 shrink-0 items-center gap-2.5 rounded-md px-1.5 text-left transition-colors hover:bg-line/50">
        <Logo className="size-6 shrink-0" />
        <span className="min-w-0 flex-1 leading-4">
          <span className="block truncate font-semibold">{tenant.name}</span>
          <span className="block truncate text-2xs text-mute">
            {tenant.role}
            <span className="sr-only">, change workspace</span>
          </span>
        </span>
        <ChevronsUpDown className="size-3.5 shrink-0 text-mute" aria-hidden />
      </MenuTrigger>
      <MenuContent align="start">
        <MenuLabel>Workspaces</MenuLabel>
        {tenants.map(({ slug, name, role }) => (
          <MenuItem
            key={slug}
            onSelect={() => void navigate({ to: "/t/$tenant/overview", params: { tenant: slug } })}
          >
            <span className="min-w-0 flex-1 truncate">
              {name} <span className="text-xs text-mute">{role}</span>
            </span>
            {slug === tenant.slug && <Check aria-label="current" />}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
