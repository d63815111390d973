import { t } from "@lingui/core/macro";
import { ListChecks } from "lucide-react";
import { toast } from "sonner";
import { Button } from "@/components/button";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useAskPeople } from "../api/feedback";

/** Puts the turn in front of the annotation queue. */
export function AskPeople({ turnId }: { turnId: string }) {
  const { slug, may } = useTenant();
  const ask = useAskPeople(slug, turnId);
  if (!may("member")) return null;
  return (
    <div>
      <Button
        isBusy={ask.isPending}
        disabled={ask.isSuccess}
        onClick={() =>
          ask.mutate(undefined, {
            onSuccess: () => toast.success(t`A reviewer is asked about this turn.`),
            onError: (error) => toast.error(errorText(error)),
          })
        }
      >
        <ListChecks aria-hidden /> {ask.isSuccess ? t`In the queue` : t`Ask a reviewer`}
      </Button>
    </div>
  );
}
