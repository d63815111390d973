import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, FlaskRound, Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { SessionTenant } from "@/client/contract";
import { Logo } from "@/components/logo";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuRule, MenuTrigger } from "@/components/menu";
import { SimulatedTag } from "@/components/simulated-tag";
import { useSession } from "@/features/session/api/session";
import { useCreateDemo } from "@/features/workspaces/api/demo";
import { errorText } from "@/lib/api";
import { ROLE_NAMES } from "@/lib/role-names";
import { saidText } from "@/lib/said";
import { NewWorkspace } from "./new-workspace";

export function WorkspaceSwitcher({ tenant }: { tenant: SessionTenant }) {
  const { tenants, creation_refusal: refusal, creation_refusal_said } = useSession();
  const navigate = useNavigate();
  const [isMaking, setIsMaking] = useState(false);
  const demo = useCreateDemo(({ slug }) => openWorkspace(slug));
  const openWorkspace = (slug: string) =>
    void navigate({ to: "/t/$tenant/overview", params: { tenant: slug } });
  return (
    <>
      <Menu>
        <MenuTrigger className="flex h-9 shrink-0 items-center gap-2.5 rounded-md px-1.5 text-left transition-colors hover:bg-line/50">
          <Logo className="size-6 shrink-0" />
          <span className="min-w-0 flex-1 leading-4">
            <span className="flex items-center gap-1.5">
              <span className="truncate font-semibold">{tenant.name}</span>
              {tenant.is_demo && <DemoTag />}
            </span>
            <span className="block truncate text-2xs text-mute">
              {ROLE_NAMES[tenant.role]}
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
          {tenants.map(({ slug, name, role, is_demo }) => (
            <MenuItem key={slug} onSelect={() => openWorkspace(slug)}>
              <span className="min-w-0 flex-1 truncate">
                {name} <span className="text-xs text-mute">{ROLE_NAMES[role]}</span>
              </span>
              {is_demo && <DemoTag />}
              {slug === tenant.slug && <Check aria-label={t`current`} />}
            </MenuItem>
          ))}
          <MenuRule />
          <MenuItem disabled={refusal !== null} onSelect={() => setIsMaking(true)}>
            <Plus aria-hidden className="text-mute" /> <Trans>New workspace…</Trans>
          </MenuItem>
          {!tenants.some(({ is_demo, role }) => is_demo && role === "owner") && (
            <MenuItem
              disabled={refusal !== null}
              onSelect={() =>
                demo.mutate(undefined, { onError: (error) => toast.error(errorText(error)) })
              }
            >
              <FlaskRound aria-hidden className="text-mute" />
              <Trans>Load the demo workspace</Trans>
            </MenuItem>
          )}
          {refusal && <MenuLabel>{saidText(refusal, creation_refusal_said)}</MenuLabel>}
        </MenuContent>
      </Menu>
      <NewWorkspace isOpen={isMaking} onClose={() => setIsMaking(false)} />
    </>
  );
}

function DemoTag() {
  return <SimulatedTag what={t`demo`} title={t`Everything in this workspace is simulated`} />;
}
