import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ClusterSample } from "@/client/contract";
import { Ago } from "@/components/ago";
import { useTenant } from "@/lib/tenant";

type Props = { label: string; samples: ClusterSample[] };

/** Failing turns in a few words, each a link to the whole of it. */
export function TurnSamples({ label, samples }: Props) {
  const { slug } = useTenant();
  return (
    <ol aria-label={label} className="divide-y divide-line">
      {samples.map((sample) => (
        <li key={sample.turn_id} className="flex flex-col gap-0.5 py-2">
          <p className="flex items-baseline gap-2">
            <Link
              to="/t/$tenant/turns/$turnId"
              params={{ tenant: slug, turnId: sample.turn_id }}
              className="min-w-0 truncate underline decoration-line2 underline-offset-2 hover:decoration-ink"
            >
              “{sample.user_text}”
            </Link>
            <span className="ml-auto shrink-0 text-xs text-mute">
              <Ago at={sample.at} />
            </span>
          </p>
          {sample.rationale && <p className="text-xs break-words text-mute">{sample.rationale}</p>}
          {sample.follow_up && (
            <p className="text-xs break-words">
              <Trans>Then the user said: “{sample.follow_up}”</Trans>
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
