import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { Menu } from "lucide-react";
import { Dialog } from "radix-ui";
import { useCallback, useState } from "react";
import type { SessionTenant } from "@/client/contract";
import { Button } from "@/components/button";
import { Logo } from "@/components/logo";
import { useAnnotationProgress } from "@/features/annotate/api/annotations";
import { useOverview } from "@/features/overview/api/overview";
import { SIGNED_OUT, sessionQuery, useSession } from "@/features/session/api/session";
import { DemoBanner } from "@/features/workspaces/components/demo-banner";
import { useLiveUpdates } from "@/lib/live";
import { TenantProvider } from "@/lib/tenant";
import { CommandPalette } from "./command-palette";
import { GonePage } from "./gone-page";
import { PAGES } from "./navigation";
import { NotFoundPage } from "./not-found-page";
import { Rail } from "./rail";
import { useShellKeys } from "./shell-keys";
import { ShortcutSheet } from "./shortcut-sheet";
import { ShutPage } from "./shut-page";

const route = getRouteApi("/t/$tenant");

export function Shell() {
  const { tenant: slug } = route.useParams();
  const { tenants, shut } = useSession();
  const tenant = tenants.find((each) => each.slug === slug);
  if (!tenant) return <NotFoundPage />;
  if (shut.includes(slug)) return <ShutPage tenant={tenant} />;
  return <Workspace key={slug} tenant={tenant} />;
}

function Workspace({ tenant }: { tenant: SessionTenant }) {
  const router = useRouter();
  const { queryClient } = router.options.context;
  const [isPaletteOpen, setIsPaletteOpen] = useState(false);
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const onSignedOut = useCallback(() => {
    queryClient.setQueryData(sessionQuery().queryKey, SIGNED_OUT);
    void router.invalidate();
  }, [queryClient, router]);
  const pageName = usePageName();
  const live = useLiveUpdates(tenant.slug, onSignedOut);
  const overview = useOverview(tenant.slug).data;
  const asked = useAnnotationProgress(tenant.slug, mayAnnotate(tenant.role)).data;
  useShellKeys({
    tenant: tenant.slug,
    onPalette: () => setIsPaletteOpen((isOpen) => !isOpen),
    onSheet: () => setIsSheetOpen(true),
  });

  if (live === "not_found") return <GonePage name={tenant.name} />;
  const rail = (
    <Rail
      tenant={tenant}
      live={live}
      waiting={{
        "/t/$tenant/review": overview?.review.pending ?? 0,
        "/t/$tenant/annotate": asked?.open_to_you ?? 0,
      }}
      // The overview is live; the session is as old as the visit.
      isSimulated={overview?.serving?.is_simulated ?? tenant.is_simulated}
      onPalette={() => setIsPaletteOpen(true)}
      onSheet={() => setIsSheetOpen(true)}
    />
  );
  return (
    <TenantProvider value={tenant}>
      <title>{t`${pageName} · ${tenant.name} · MetaClaw`}</title>
      <div className="flex h-dvh flex-col md:flex-row">
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:bg-panel focus:p-2"
        >
          <Trans>Skip to the content</Trans>
        </a>
        <TopBar name={tenant.name}>{rail}</TopBar>
        <aside
          aria-label={t`Workspace`}
          className="hidden w-[204px] shrink-0 border-r border-line md:block"
        >
          {rail}
        </aside>
        <main
          id="content"
          tabIndex={-1}
          className="flex min-h-0 min-w-0 flex-1 flex-col outline-none"
        >
          {tenant.is_demo && <DemoBanner onRemoved={() => void router.navigate({ to: "/" })} />}
          <Outlet />
        </main>
      </div>
      <CommandPalette isOpen={isPaletteOpen} onClose={() => setIsPaletteOpen(false)} />
      <ShortcutSheet isOpen={isSheetOpen} onClose={() => setIsSheetOpen(false)} />
    </TenantProvider>
  );
}

/** Nobody else is asked, so nothing waits for them. */
const mayAnnotate = (role: SessionTenant["role"]) => role !== "viewer" && role !== "member";

function usePageName(): string {
  const page = useLocation().pathname.split("/")[3];
  return PAGES.find(({ to }) => to.endsWith(`/${page}`))?.name ?? t`Connect`;
}

/** On a phone the rail waits behind a button. */
function TopBar({ name, children }: { name: string; children: React.ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <header className="flex h-12 shrink-0 items-center gap-2.5 border-b border-line px-3 md:hidden">
      <Logo className="size-6" />
      <span className="mr-auto truncate font-semibold">{name}</span>
      <Dialog.Root open={isOpen} onOpenChange={setIsOpen}>
        <Dialog.Trigger asChild>
          <Button isIcon variant="ghost" aria-label={t`Menu`}>
            <Menu aria-hidden />
          </Button>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-black/35" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 w-[240px] border-r border-line bg-bg outline-none"
            // Any choice in the menu closes it.
            onClick={(event) => {
              if (event.target instanceof Element && event.target.closest("a")) setIsOpen(false);
            }}
          >
            <Dialog.Title className="sr-only">
              <Trans>Menu</Trans>
            </Dialog.Title>
            {children}
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  );
}
