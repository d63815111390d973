import {
  Check,
  CircleDot,
  KeyRound,
  type LucideIcon,
  Pencil,
  Plug,
  Plus,
  Settings,
  Sparkles,
  X,
} from "lucide-react";
import type { ActivityEvent } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Panel } from "@/components/panel";
import { EmptyState } from "@/components/states";
import { words } from "@/lib/format";

/** As many as stand beside the chart without making the page longer. */
const MOST = 10;

export function ActivityPanel({ events }: { events: ActivityEvent[] }) {
  return (
    <Panel title="Activity" className="self-start">
      {events.length === 0 ? (
        <EmptyState title="Nothing yet">Decisions and changes are listed here.</EmptyState>
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
  const [noun = "", verb = ""] = event.action.split(".");
  const { Icon, tone } = iconOf(noun, verb);
  return (
    <li className="flex gap-2.5 px-3.5 py-2">
      <Icon className={`mt-[3px] size-3.5 shrink-0 ${tone}`} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="font-medium">{event.subject}</span>{" "}
          {!event.subject.endsWith(words(noun)) && `${words(noun)} `}
          {words(verb)}
        </p>
        <p className="line-clamp-2 text-xs break-words text-mute" title={event.detail || undefined}>
          {event.actor}, <Ago at={event.at} />
          {event.detail && ` · ${event.detail}`}
        </p>
      </div>
    </li>
  );
}

const BY_NOUN: Record<string, LucideIcon> = {
  key: KeyRound,
  api_key: KeyRound,
  upstream: Plug,
  settings: Settings,
  tenant: Settings,
  proposal: Sparkles,
};

function iconOf(noun: string, verb: string): { Icon: LucideIcon; tone: string } {
  if (/approved|activated|restored/.test(verb)) return { Icon: Check, tone: "text-ok" };
  if (/rejected|retired|revoked|deleted/.test(verb)) return { Icon: X, tone: "text-bad" };
  const known = BY_NOUN[noun];
  if (known) return { Icon: known, tone: "text-info" };
  if (/created|imported/.test(verb)) return { Icon: Plus, tone: "text-info" };
  if (/edited|updated|changed|revised/.test(verb)) return { Icon: Pencil, tone: "text-mute" };
  return { Icon: CircleDot, tone: "text-mute" };
}
