import { clsx } from "clsx";
import type { ReactNode } from "react";

type Props = { title?: ReactNode; aside?: ReactNode; children: ReactNode; className?: string };

export function Panel({ title, aside, children, className }: Props) {
  return (
    <section className={clsx("min-w-0 rounded-lg border border-line bg-panel", className)}>
      {title && (
        <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3.5 py-1.5">
          <h2 className="mr-auto text-sm font-semibold">{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
