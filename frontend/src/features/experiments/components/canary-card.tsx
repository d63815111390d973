import { Link } from "@tanstack/react-router";
import { toast } from "sonner";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ErrorState, LoadingBlock } from "@/components/states";
import { errorText } from "@/lib/api";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useCanary, useStopCanary } from "../api/canaries";
import { CanaryCurve } from "./canary-curve";
import { CanaryNumbers } from "./canary-numbers";
import { CanaryTag } from "./canary-tag";

/** One canary: what is tried on whom, what is known by now, and the way to end it by hand. */
export function CanaryCard({ id }: { id: string }) {
  const { slug } = useTenant();
  const canary = useCanary(slug, id);
  if (canary.isPending) return <LoadingBlock label="Loading the canary" />;
  if (canary.isError) {
    return <ErrorState error={canary.error} onRetry={() => void canary.refetch()} />;
  }
  const found = canary.data;
  const isOn = found.status === "running";
  const underWay = found.sessions_seen - found.sessions_settled;
  const others = found.instead_of === null ? "nothing" : `v${found.instead_of}`;
  return (
    <section className="flex flex-col gap-3" aria-label={`Canary of ${found.slug}`}>
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
          by {found.started_by}, <Ago at={found.created_at} />
        </span>
      </header>
      <p className="text-sm text-mute">
        {Math.round(100 * found.share)} % of the sessions {isOn ? "get" : "got"} v{found.version},
        the others {others}. {formatCount(found.sessions_settled)} of at most{" "}
        {formatCount(found.sessions_max)} sessions {isOn ? "have ended and been" : "ended and were"}{" "}
        judged{isOn && `, ${formatCount(underWay)} are under way`}.
      </p>
      {found.reason && <p className="text-sm">{found.reason}</p>}
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
        toast.success(promote ? `${name} is live for all.` : `${name} is out of every prompt.`),
      onError: (error) => toast.error(errorText(error)),
    });
  const reason = may("reviewer") ? undefined : "Reviewers and above may end a canary.";
  return (
    <footer className="flex flex-wrap gap-2">
      <Button
        onClick={() => end(true)}
        disabled={reason !== undefined}
        title={reason}
        isBusy={stop.isPending && stop.variables}
      >
        Promote now
      </Button>
      <Button
        variant="danger"
        onClick={() => end(false)}
        disabled={reason !== undefined}
        title={reason}
        isBusy={stop.isPending && !stop.variables}
      >
        Take it out
      </Button>
    </footer>
  );
}
