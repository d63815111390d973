import { clsx } from "clsx";
import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

export type Tab<T extends string> = { value: T; label: string; className?: string };

type Props<T extends string> = {
  label: string;
  tabs: Tab<T>[];
  /** Onto more rows where one has no room for all of them. */
  wraps?: boolean;
};

/** The row of segments; belongs inside `Tabs`. */
export function TabList<T extends string>({ label, tabs, wraps = false }: Props<T>) {
  return (
    <Radix.List
      aria-label={label}
      className={clsx(
        "inline-flex gap-0.5 rounded-md border border-line2 bg-sunk p-0.5",
        wraps ? "flex-wrap" : "shrink-0",
      )}
    >
      {tabs.map((tab) => (
        <Radix.Trigger
          key={tab.value}
          value={tab.value}
          className={clsx(
            "h-6 shrink-0 rounded px-2.5 text-sm whitespace-nowrap text-mute transition-colors hover:text-ink data-[state=active]:bg-panel data-[state=active]:text-ink",
            tab.className,
          )}
        >
          {tab.label}
        </Radix.Trigger>
      ))}
    </Radix.List>
  );
}

type RootProps<T extends string> = {
  value: T;
  onChange: (value: T) => void;
  children: ReactNode;
  className?: string;
};

export function Tabs<T extends string>({ value, onChange, children, className }: RootProps<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)} className={className}>
      {children}
    </Radix.Root>
  );
}

export const TabPanel = Radix.Content;
