import { clsx } from "clsx";
import type { ReactNode } from "react";

export function Kbd({ children, isInherit = false }: { children: ReactNode; isInherit?: boolean }) {
  return (
    <kbd
      aria-hidden={isInherit || undefined}
      className={clsx(
        "inline-flex h-[18px] min-w-[18px] items-center justify-center rounded border px-1 font-sans text-2xs",
        isInherit ? "ml-0.5 border-current/40" : "border-line2 text-mute",
      )}
    >
      {children}
    </kbd>
  );
}
