import { clsx } from "clsx";
import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";

const LOOK = {
  bad: "border-bad/25 bg-bad-soft text-bad",
  warn: "border-warn/25 bg-warn-soft text-warn",
  info: "border-info/20 bg-info-soft text-info",
};

type Props = {
  tone?: keyof typeof LOOK;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
};

export function Banner({ tone = "info", title, children, action, className }: Props) {
  const Icon = tone === "info" ? Info : CircleAlert;
  return (
    <div
      role={tone === "info" ? "note" : "alert"}
      className={clsx(
        "flex gap-2.5 rounded-md border px-3 py-2 text-sm",
        children ? "items-start" : "items-center",
        LOOK[tone],
        className,
      )}
    >
      <Icon className={clsx("size-3.5 shrink-0", children && "mt-[3px]")} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children && <div className="text-ink">{children}</div>}
      </div>
      {action}
    </div>
  );
}
