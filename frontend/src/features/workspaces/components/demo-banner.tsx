import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { FlaskRound } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useDemo, useRemoveDemo } from "../api/demo";

/** Above every page of a demo: nothing here happened, and this is how it goes. */
export function DemoBanner({ onRemoved }: { onRemoved: () => void }) {
  const { slug, may } = useTenant();
  const demo = useDemo(slug);
  const [isAsking, setIsAsking] = useState(false);
  const remove = useRemoveDemo(slug, onRemoved);

  return (
    <aside
      aria-label={t`Demo workspace`}
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-info/25 bg-info-soft px-4 py-1.5 text-sm text-info"
    >
      <FlaskRound className="size-3.5 shrink-0" aria-hidden />
      <p className="min-w-0 flex-1 basis-60">
        <span className="font-medium">
          <Trans>Demo workspace.</Trans>
        </span>{" "}
        <span className="text-ink">
          {demo.data && !demo.data.is_ready && (
            <Loading
              done={demo.data.done}
              total={demo.data.total}
              isStopped={demo.data.is_stopped}
            />
          )}
          {demo.data?.is_ready && (
            <Trans>Everything in it is simulated: two weeks of an imaginary company.</Trans>
          )}
        </span>
      </p>
      <Button
        disabled={!may("owner")}
        title={may("owner") ? undefined : t`Only an owner can remove it.`}
        onClick={() => setIsAsking(true)}
      >
        <Trans>Remove the demo</Trans>
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Remove the demo workspace?`}
        action={t`Remove the demo`}
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, { onError: (error) => toast.error(errorText(error)) })
        }
      >
        <Trans>
          It goes at once, with everything in it, and cannot be brought back. Nothing in it
          happened; another one can be loaded at any time.
        </Trans>
      </ConfirmDialog>
    </aside>
  );
}

function Loading({ done, total, isStopped }: { done: number; total: number; isStopped: boolean }) {
  if (isStopped) {
    return (
      <Trans>
        Loading stopped at day {done} of {total}: try its job again under Jobs.
      </Trans>
    );
  }
  return (
    <span role="status">
      <Trans>
        Loading: day {done} of {total}. Pages fill as it goes on.
      </Trans>
    </span>
  );
}
