import { clsx } from "clsx";
import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { FIELD_BOX } from "./field";

export function SearchBox({ className, ...props }: ComponentProps<"input">) {
  return (
    <span className={clsx("relative block", className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-mute"
      />
      <input type="search" {...props} className={clsx(FIELD_BOX, "h-7 w-full pr-2 pl-8")} />
    </span>
  );
}
