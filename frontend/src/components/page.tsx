import { clsx } from "clsx";
import type { ReactNode, UIEvent } from "react";

type Props = {
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  onScroll?: (event: UIEvent<HTMLElement>) => void;
};

/** A page that scrolls as a whole, with its title and actions above. */
export function Page({ title, note, actions, children, className, onScroll }: Props) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto" data-scroll onScroll={onScroll}>
      <div className={clsx("px-4 pt-4 pb-10 md:px-5", className ?? "max-w-[1440px]")}>
        <header className="mb-3.5 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="text-[20px] font-semibold tracking-tight">{title}</h1>
          {note && <span className="text-sm text-mute">{note}</span>}
          {actions && <div className="ml-auto flex flex-wrap gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

/** The 48 px bar of a page that fills the window with panes. */
export function PaneHeader({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <header
      className={clsx(
        "flex min-h-12 shrink-0 items-center gap-3 border-b border-line px-3.5",
        className,
      )}
    >
      {children}
    </header>
  );
}
