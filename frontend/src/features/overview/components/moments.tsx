import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import type { ActivityEvent } from "@/client/contract";
import { actionLook } from "@/components/action-look";
import { Moment } from "@/components/moment";
import { useTenant } from "@/lib/tenant";

/** The lines of the chart in words, latest first: what went live, or out, and when. */
export function Moments({ moments }: { moments: ActivityEvent[] }) {
  if (moments.length === 0) return null;
  return (
    <ol
      aria-label={t`What went live`}
      className="flex max-h-24 flex-wrap gap-x-4 gap-y-1 overflow-y-auto border-t border-line px-3.5 py-2 text-xs"
    >
      {moments.toReversed().map((moment) => {
        const { text, Icon, tone } = actionLook(moment.action);
        return (
          <li key={moment.id} className="flex items-center gap-1.5">
            <Moment at={moment.at} look="hour" className="text-mute tabular-nums" />
            <Icon className={`size-3 shrink-0 ${tone}`} aria-hidden />
            <span>
              <Subject moment={moment} /> {text}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** A skill leads to its page; checkpoints are named policy@step, and lead to all of training. */
function Subject({ moment: { action, subject } }: { moment: ActivityEvent }) {
  const { slug: tenant } = useTenant();
  const className = "font-medium hover:underline";
  if (action.startsWith("checkpoint."))
    return (
      <Link to="/t/$tenant/training" params={{ tenant }} className={className}>
        {subject}
      </Link>
    );
  const skillSlug = subject.split(/[@ ]/)[0] ?? "";
  if (!skillSlug || action.startsWith("library.")) return <span>{subject}</span>;
  return (
    <Link to="/t/$tenant/skills/$skillSlug" params={{ tenant, skillSlug }} className={className}>
      {subject}
    </Link>
  );
}
