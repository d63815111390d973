import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useRef } from "react";
import type { AuditEvent } from "@/client/contract";
import { actionLook } from "@/components/action-look";
import { Ago } from "@/components/ago";
import { Moment } from "@/components/moment";
import { kindOf } from "../words";

type Props = {
  events: AuditEvent[];
  /** Whether any of them is open. */
  onOpen: (isOpen: boolean) => void;
};

export function AuditList({ events, onOpen }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const onToggle = () => onOpen(list.current?.querySelector("details[open]") != null);
  return (
    <ul ref={list} aria-label={t`Events, newest first`} className="divide-y divide-line">
      {events.map((event) => (
        <Event key={event.id} event={event} onToggle={onToggle} />
      ))}
    </ul>
  );
}

function Event({ event, onToggle }: { event: AuditEvent; onToggle: () => void }) {
  const { text, Icon, tone } = actionLook(event.action);
  return (
    <li>
      <details className="group text-sm" onToggle={onToggle}>
        <summary className="grid cursor-default grid-cols-[14px_14px_minmax(0,1fr)_max-content] items-start gap-x-2.5 px-3.5 py-2 hover:bg-bg/60 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="mt-[3px] size-3.5 text-mute transition-transform group-open:rotate-90"
          />
          <Icon className={`mt-[3px] size-3.5 ${tone}`} aria-hidden />
          <span className="min-w-0">
            <span className="font-medium">{event.actor_label}</span>
            <span className="text-mute"> · </span>
            {event.subject && <span className="font-medium break-words">{event.subject} </span>}
            {text}
            {event.detail && (
              <span className="block truncate text-xs text-mute group-open:hidden">
                {event.detail}
              </span>
            )}
          </span>
          <span className="text-xs text-mute">
            <Ago at={event.at} />
          </span>
        </summary>
        <Facts event={event} />
      </details>
    </li>
  );
}

function Facts({ event }: { event: AuditEvent }) {
  const who = `${event.actor_label} (${kindOf(event)})`;
  return (
    <dl className="grid grid-cols-[88px_minmax(0,1fr)] gap-x-4 gap-y-1 px-3.5 pt-1 pb-3 pl-[62px] text-xs">
      <Fact name={t`When`}>
        <Moment at={event.at} />
      </Fact>
      <Fact name={t`Who`}>
        {who} {event.actor_id && <span className="font-mono text-mute">{event.actor_id}</span>}
      </Fact>
      <Fact name={t`Action`}>
        <span className="font-mono">{event.action}</span>
      </Fact>
      {event.subject && <Fact name={t`Of what`}>{event.subject}</Fact>}
      {event.detail && (
        <Fact name={t`Details`}>
          {/* One fact a line, as far as they can be told apart. */}
          {event.detail.split(/, (?=[\w ]+: )/).map((part) => (
            <span key={part} className="block break-words">
              {part}
            </span>
          ))}
        </Fact>
      )}
      <Fact name={t`In the chain`}>
        <Trans>
          number {event.sequence}, digest{" "}
          <span className="font-mono break-all">{event.digest}</span>
        </Trans>
      </Fact>
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-mute">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
);
