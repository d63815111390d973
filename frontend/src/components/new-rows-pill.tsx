import { clsx } from "clsx";
import { ArrowUp } from "lucide-react";
import type { ReactNode } from "react";

type Props = { onClick: () => void; className?: string; children: ReactNode };

/** What came in while the reader was further down, and the way to it. */
export function NewRowsPill({ onClick, className, children }: Props) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={clsx(
        "z-10 flex h-7 items-center gap-1.5 rounded-full bg-accent px-3 text-sm font-medium text-accent-ink shadow",
        className,
      )}
    >
      <ArrowUp className="size-3.5" aria-hidden />
      {children}
    </button>
  );
}
