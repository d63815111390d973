import { t } from "@lingui/core/macro";
import { clsx } from "clsx";
import type { LiveState } from "@/lib/live";

const TEXT: Record<LiveState, string> = {
  connecting: t`Connecting…`,
  open: t`Live`,
  reconnecting: t`Reconnecting…`,
  not_found: t`Not available`,
};

export function LiveDot({ state }: { state: LiveState }) {
  return (
    <span role="status" className="mr-auto flex items-center gap-2 text-xs text-mute">
      <span
        aria-hidden
        className={clsx(
          "size-2 rounded-full",
          state === "open" ? "live bg-accent" : "border border-mute",
        )}
      />
      {TEXT[state]}
    </span>
  );
}
