import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { RecordedSession } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Tag } from "@/components/tag";
import { formatCount } from "@/lib/format";
import { knownBy } from "@/lib/session-source";
import { useTenant } from "@/lib/tenant";
import { SessionState } from "./session-state";

const HEADS = [t`Began with`, t`Agent`, t`How known`, t`Turns`, t`Went`, t`State`, t`Last turn`];
const RIGHT = new Set([t`Turns`, t`Last turn`]);

/** Not sortable: these are pages of a longer list, the latest first. */
export function SessionTable({ sessions }: { sessions: RecordedSession[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-sm" aria-label={t`Sessions`}>
        <thead>
          <tr className="border-b border-line2 text-left">
            {HEADS.map((head) => (
              <th
                key={head}
                scope="col"
                className={clsx(
                  "h-8 px-3 text-xs font-normal whitespace-nowrap text-mute first:pl-3.5",
                  RIGHT.has(head) && "text-right",
                )}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const CELL = "h-9 px-3 py-1.5 first:pl-3.5";

function SessionRow({ session }: { session: RecordedSession }) {
  const tenant = useTenant().slug;
  return (
    <tr className="border-b border-line last:border-0 hover:bg-bg/60">
      <td className={`${CELL} max-w-[360px]`}>
        <Link
          to="/t/$tenant/sessions/$sessionId"
          params={{ tenant, sessionId: session.id }}
          className="block truncate hover:underline"
        >
          {session.preview || t`Nothing in words`}
        </Link>
      </td>
      <td className={CELL}>{session.agent || <span className="text-mute">–</span>}</td>
      <td className={`${CELL} whitespace-nowrap text-mute`}>{knownBy(session.source)}</td>
      <td className={`${CELL} text-right`}>{formatCount(session.turns_total)}</td>
      <td className={CELL}>
        <Went session={session} />
      </td>
      <td className={CELL}>
        <SessionState state={session.state} />
      </td>
      <td className={`${CELL} text-right whitespace-nowrap text-mute`}>
        <Ago at={session.last_turn_at} />
      </td>
    </tr>
  );
}

export function Went({ session }: { session: RecordedSession }) {
  const { turns_passed, turns_failed, turns_error } = session;
  if (turns_passed + turns_failed + turns_error === 0) {
    return (
      <span className="text-mute">
        <Trans>not scored</Trans>
      </span>
    );
  }
  return (
    <span className="inline-flex flex-wrap gap-1">
      {turns_passed > 0 && (
        <Tag tone="ok">
          <Trans>{turns_passed} passed</Trans>
        </Tag>
      )}
      {turns_failed > 0 && (
        <Tag tone="bad">
          <Trans>{turns_failed} failed</Trans>
        </Tag>
      )}
      {turns_error > 0 && (
        <Tag tone="warn">
          <Trans>{turns_error} in error</Trans>
        </Tag>
      )}
    </span>
  );
}
