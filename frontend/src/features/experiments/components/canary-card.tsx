import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { toast } from "sonner";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ErrorState, LoadingBlock } from "@/components/states";
import { errorText } from "@/lib/api";
import { formatCount } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useCanary, useStopCanary } from "../api/canaries";
import { CanaryCurve } from "./canary-curve";
import { CanaryNumbers } from "./canary-numbers";
import { CanaryTag } from "./canary-tag";

/** One canary: what is tried on whom, what is known by now, and the way to end it by hand. */
export function CanaryCard({ id }: { id: string }) {
  const { slug } = useTenant();
  const canary = useCanary(slug, id);
  if (canary.isPending) return <LoadingBlock label={t`Loading the canary`} />;
  if (canary.isError) {
    return <ErrorState error={canary.error} onRetry={() => void canary.refetch()} />;
  }
  const found = canary.data;
  const isOn = found.status === "running";
  const underWay = found.sessions_seen - found.sessions_settled;
  const others = found.instead_of === null ? t`nothing` : `v${found.instead_of}`;
  const share = Math.round(100 * found.share);
  const settled = formatCount(found.sessions_settled);
  const most = formatCount(found.sessions_max);
  return (
    <section className="flex flex-col gap-3" aria-label={t`Canary of ${found.slug}`}>
      <header className="flex flex-wrap items-center gap-2 text-sm">
        <Link
          to="/t/$tenant/skills/$skillSlug"
          params={{ tenant: slug, skillSlug: found.slug }}
          className="font-semibold hover:underline"
        >
          {found.slug} v{found.version}
        </Link>
        <CanaryTag status={found.status} />
        <span className="ml-auto text-xs text-mute">
          <Trans>
            by {found.started_by}, <Ago at={found.created_at} />
          </Trans>
        </span>
      </header>
      <p className="text-sm text-mute">
        {isOn
          ? t`${share} % of the sessions get v${found.version}, the others ${others}. ${settled} of at most ${most} sessions have ended and been judged, ${formatCount(underWay)} are under way.`
          : t`${share} % of the sessions got v${found.version}, the others ${others}. ${settled} of at most ${most} sessions ended and were judged.`}
      </p>
      {found.reason && <p className="text-sm">{saidText(found.reason, found.reason_said)}</p>}
      <CanaryCurve canary={found} />
      {found.result && <CanaryNumbers result={found.result} alpha={found.alpha} />}
      {isOn && <EndButtons id={found.id} name={found.slug} />}
    </section>
  );
}

function EndButtons({ id, name }: { id: string; name: string }) {
  const { slug, may } = useTenant();
  const stop = useStopCanary(slug, id);
  const end = (promote: boolean) =>
    stop.mutate(promote, {
      onSuccess: () =>
        toast.success(promote ? t`${name} is live for all.` : t`${name} is out of every prompt.`),
      onError: (error) => toast.error(errorText(error)),
    });
  const reason = may("reviewer") ? undefined : t`Reviewers and above may end a canary.`;
  return (
    <footer className="flex flex-wrap gap-2">
      <Button
        onClick={() => end(true)}
        disabled={reason !== undefined}
        title={reason}
        isBusy={stop.isPending && stop.variables}
      >
        <Trans>Promote now</Trans>
      </Button>
      <Button
        variant="danger"
        onClick={() => end(false)}
        disabled={reason !== undefined}
        title={reason}
        isBusy={stop.isPending && !stop.variables}
      >
        <Trans>Take it out</Trans>
      </Button>
    </footer>
  );
}
