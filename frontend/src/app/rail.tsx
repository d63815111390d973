import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import type { SessionTenant } from "@/client/contract";
import { Kbd } from "@/components/kbd";
import { MOD_KEY } from "@/lib/hotkeys";
import type { LiveState } from "@/lib/live";
import { LiveDot } from "./live-dot";
import { NAVIGATION, type PAGES } from "./navigation";
import { ThemeToggle } from "./theme-toggle";
import { UserMenu } from "./user-menu";
import { WorkspaceSwitcher } from "./workspace-switcher";

type Props = {
  tenant: SessionTenant;
  live: LiveState;
  /** How much waits for this person, by the name of the page. */
  /** How many things wait for a person, by the page that shows them. */
  waiting: Partial<Record<(typeof PAGES)[number]["to"], number>>;
  isSimulated: boolean;
  onPalette: () => void;
  onSheet: () => void;
};

export function Rail({ tenant, live, waiting, isSimulated, onPalette, onSheet }: Props) {
  const params = { tenant: tenant.slug };
  return (
    <div className="flex h-full flex-col gap-3 overflow-y-auto px-2.5 py-3">
      <WorkspaceSwitcher tenant={tenant} />
      <button
        type="button"
        onClick={onPalette}
        className="flex h-8 shrink-0 items-center gap-2 rounded-md border border-line2 bg-panel px-2.5 text-left text-mute transition-colors hover:text-ink"
      >
        <Search className="size-3.5" aria-hidden />
        <span className="mr-auto">
          <Trans>Search or jump</Trans>
        </span>
        <Kbd>{MOD_KEY === "⌘" ? "⌘K" : "Ctrl K"}</Kbd>
      </button>
      <nav aria-label={t`Pages`} className="flex flex-col gap-3.5">
        {NAVIGATION.map(({ group, pages }) => (
          <div key={group}>
            <p className="px-2 pb-1 text-xs text-mute">{group}</p>
            <ul>
              {pages.map(({ name, to, icon: Icon }) => (
                <li key={name}>
                  <Link
                    to={to}
                    params={params}
                    className="flex h-[29px] items-center gap-2.5 rounded-md px-2 transition-colors hover:bg-line/50"
                    activeProps={{ className: "bg-line/70 font-medium" }}
                  >
                    <Icon className="size-4 text-mute" aria-hidden />
                    <span className="mr-auto">{name}</span>
                    {(waiting[to] ?? 0) > 0 && (
                      <span className="text-xs font-semibold text-accent">
                        {waiting[to]}
                        <span className="sr-only">
                          {" "}
                          <Trans context="for the reader">waiting</Trans>
                        </span>
                      </span>
                    )}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="mt-auto flex flex-col gap-2">
        {isSimulated && (
          <Link
            to="/t/$tenant/upstreams"
            params={params}
            className="rounded-md border border-info/25 bg-info-soft px-2 py-1.5 text-xs text-info"
          >
            <Trans>
              Simulated provider
              <span className="block text-mute">Answers are for practice</span>
            </Trans>
          </Link>
        )}
        <UserMenu onSheet={onSheet} />
        <div className="flex items-center px-2">
          <LiveDot state={live} />
          <ThemeToggle />
        </div>
      </div>
    </div>
  );
}
