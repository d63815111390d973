import { clsx } from "clsx";
import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { Input } from "./field";

export function SearchBox({ className, ...props }: ComponentProps<"input">) {
  return (
    <span className={clsx("relative block", className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-mute"
      />
      <Input type="search" {...props} className="h-7 pl-8" />
    </span>
  );
}
