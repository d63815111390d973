import { clsx } from "clsx";
import type { ReactNode } from "react";

export type Tone = "quiet" | "ok" | "bad" | "warn" | "info" | "accent";

const LOOK: Record<Tone, string> = {
  quiet: "bg-sunk text-mute",
  ok: "bg-ok-soft text-ok",
  bad: "bg-bad-soft text-bad",
  warn: "bg-warn-soft text-warn",
  info: "bg-info-soft text-info",
  accent: "bg-accent-soft text-accent",
};

type Props = { tone?: Tone; title?: string; children: ReactNode };

export function Tag({ tone = "quiet", title, children }: Props) {
  return (
    <span
      title={title}
      className={clsx(
        "inline-flex h-[18px] shrink-0 items-center gap-1 rounded px-1.5 text-2xs font-medium whitespace-nowrap",
        LOOK[tone],
      )}
    >
      {children}
    </span>
  );
}
