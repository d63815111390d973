import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ActivityEvent } from "@/client/contract";
import { actionLook } from "@/components/action-look";
import { Ago } from "@/components/ago";
import { Panel } from "@/components/panel";
import { EmptyState } from "@/components/states";

/** As many as stand beside the chart without making the page longer. */
const MOST = 10;

export function ActivityPanel({ events }: { events: ActivityEvent[] }) {
  return (
    <Panel title={t`Activity`} className="self-start">
      {events.length === 0 ? (
        <EmptyState title={t`Nothing yet`}>
          <Trans>Decisions and changes are listed here.</Trans>
        </EmptyState>
      ) : (
        <ol className="divide-y divide-line">
          {events.slice(0, MOST).map((event) => (
            <ActivityRow key={event.id} event={event} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function ActivityRow({ event }: { event: ActivityEvent }) {
  const { text, Icon, tone } = actionLook(event.action);
  return (
    <li className="flex gap-2.5 px-3.5 py-2">
      <Icon className={`mt-[3px] size-3.5 shrink-0 ${tone}`} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          {event.subject && <span className="font-medium">{event.subject} </span>}
          {text}
        </p>
        <p className="line-clamp-2 text-xs break-words text-mute" title={event.detail || undefined}>
          {event.actor}, <Ago at={event.at} />
          {event.detail && ` · ${event.detail}`}
        </p>
      </div>
    </li>
  );
}
