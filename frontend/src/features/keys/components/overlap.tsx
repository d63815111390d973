import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { toast } from "sonner";
import type { ApiKey } from "@/client/contract";
import { errorText } from "@/lib/api";
import { formatUntil } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useNow } from "@/lib/use-now";
import { useFinishRotation } from "../api/keys";

/** The secret before the last rotation, while it works on. */
export function Overlap({ apiKey }: { apiKey: ApiKey }) {
  const { slug, may } = useTenant();
  const now = useNow();
  const finish = useFinishRotation(slug);
  const { previous_until, previous_last4, revoked_at } = apiKey;
  if (!previous_until || revoked_at || Date.parse(previous_until) <= now) return null;
  return (
    <span className="block font-sans text-warn">
      <Trans>
        …{previous_last4} works for {formatUntil(previous_until, now)} more
      </Trans>{" "}
      <button
        type="button"
        disabled={!may("admin") || finish.isPending}
        aria-label={t`End the old secret of ${apiKey.name} now`}
        className="underline underline-offset-2 disabled:opacity-60"
        onClick={() =>
          finish.mutate(apiKey.id, {
            onSuccess: () => toast(t`The old secret of ${apiKey.name} ended.`),
            onError: (error) => toast.error(errorText(error)),
          })
        }
      >
        <Trans>End it now</Trans>
      </button>
    </span>
  );
}
