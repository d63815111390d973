import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { Kbd } from "./kbd";

export type Variant = "plain" | "primary" | "accent" | "danger" | "ghost";

const LOOK: Record<Variant, string> = {
  plain: "border-line2 bg-panel text-ink hover:bg-sunk",
  primary: "border-ink bg-ink text-panel hover:opacity-88",
  accent: "border-accent bg-accent text-accent-ink hover:opacity-90",
  danger: "border-line2 bg-panel text-bad hover:bg-bad-soft",
  ghost: "border-transparent bg-transparent text-mute hover:bg-sunk hover:text-ink",
};

type Look = { variant?: Variant; isIcon?: boolean };

export function buttonClass({ variant = "plain", isIcon = false }: Look = {}) {
  return clsx(
    "inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border text-sm font-medium whitespace-nowrap no-underline transition-colors duration-150 select-none [&_svg]:size-3.5",
    "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50",
    isIcon ? "w-7" : "px-2.5",
    LOOK[variant],
  );
}

type Props = ComponentProps<"button"> & Look & { isBusy?: boolean; shortcut?: string };

export function Button({ variant, isIcon, isBusy, shortcut, className, ...props }: Props) {
  return (
    <button
      type="button"
      {...props}
      disabled={props.disabled || isBusy}
      aria-busy={isBusy || undefined}
      aria-keyshortcuts={shortcut}
      className={clsx(buttonClass({ variant, isIcon }), className)}
    >
      {props.children}
      {shortcut && <Kbd isInherit>{shortcut.toUpperCase()}</Kbd>}
    </button>
  );
}
