import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { CircleAlert, Inbox, RotateCw } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import { errorText } from "@/lib/api";
import { Button } from "./button";

type EmptyProps = {
  icon?: ComponentType<{ className?: string }>;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
};

export function EmptyState({ icon: Icon = Inbox, title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-14 text-center">
      <span className="mb-2 grid size-9 place-items-center rounded-lg border border-line bg-bg text-mute">
        <Icon className="size-4" />
      </span>
      <p className="text-base font-medium">{title}</p>
      {children && <div className="max-w-[46ch] text-sm text-mute">{children}</div>}
      {action && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  );
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-1 px-6 py-14 text-center">
      <span className="mb-2 grid size-9 place-items-center rounded-lg bg-bad-soft text-bad">
        <CircleAlert className="size-4" aria-hidden />
      </span>
      <p className="text-base font-medium">
        <Trans>This could not be loaded</Trans>
      </p>
      <p className="max-w-[46ch] text-sm text-mute">{errorText(error)}</p>
      {onRetry && (
        <Button className="mt-3" onClick={onRetry}>
          <RotateCw aria-hidden />
          <Trans>Try again</Trans>
        </Button>
      )}
    </div>
  );
}

/** Grey lines in the place of rows that are on their way. */
export function LoadingRows({ rows = 6, label = t`Loading` }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="flex h-10 items-center gap-4 px-3.5">
          <Bone className="w-24" />
          <Bone className={i % 2 ? "w-2/5" : "w-1/3"} />
          <Bone className="ml-auto w-14" />
        </div>
      ))}
    </div>
  );
}

export function LoadingBlock({
  label = t`Loading`,
  className,
}: {
  label?: string;
  className?: string;
}) {
  return (
    <div role="status" aria-label={label} className={clsx("flex flex-col gap-3 p-4", className)}>
      <Bone className="w-1/3" />
      <Bone className="w-full" />
      <Bone className="w-11/12" />
      <Bone className="w-3/5" />
    </div>
  );
}

function Bone({ className }: { className?: string }) {
  return <span className={clsx("bone block h-2.5 rounded bg-line", className)} />;
}
