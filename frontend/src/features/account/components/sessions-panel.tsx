import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { toast } from "sonner";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { browserName } from "@/lib/browser-name";
import { type SignedIn, useEndSessions, useSessions } from "../api/sessions";
import { sayRefused } from "../refused";
import { SettingRow } from "./setting-row";

/** Where the person is signed in, this browser first, and the way to end it elsewhere. */
export function SessionsPanel() {
  const sessions = useSessions();
  const rows = sessions.data ?? [];
  const others = rows.filter(({ is_current }) => !is_current);
  return (
    <Panel title={t`Signed in`} aside={<SignOutOthers ids={others.map(({ id }) => id)} />}>
      {sessions.isPending && <LoadingRows rows={2} label={t`Loading where you are signed in`} />}
      {sessions.isError && (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      <ul className="divide-y divide-line" aria-label={t`Browsers that are signed in`}>
        {rows.map((session) => (
          <li key={session.id}>
            <Session session={session} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Session({ session }: { session: SignedIn }) {
  const end = useEndSessions();
  const name = browserName(session.user_agent);
  const tag = session.is_current && (
    <Tag tone="ok">
      <Trans>this one</Trans>
    </Tag>
  );
  return (
    <SettingRow
      title={<span title={session.user_agent}>{name}</span>}
      tag={tag}
      note={
        <Trans>
          last seen <Ago at={momentOf(session.last_seen_at)} /> · signed in{" "}
          <Ago at={momentOf(session.created_at)} />
        </Trans>
      }
    >
      {!session.is_current && (
        <Button
          isBusy={end.isPending}
          aria-label={t`Sign out ${name}`}
          onClick={() => end.mutate([session.id], { onError: sayRefused })}
        >
          <Trans>Sign out</Trans>
        </Button>
      )}
    </SettingRow>
  );
}

function SignOutOthers({ ids }: { ids: number[] }) {
  const [isAsking, setIsAsking] = useState(false);
  const end = useEndSessions();
  return (
    <>
      {ids.length > 0 && (
        <Button onClick={() => setIsAsking(true)}>
          <Trans>Sign out the others</Trans>
        </Button>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Sign out everywhere else?`}
        action={t`Sign out the others`}
        isBusy={end.isPending}
        onConfirm={() =>
          end.mutate(ids, {
            onSuccess: () => toast.success(t`You are signed in here only.`),
            onError: sayRefused,
            onSettled: () => setIsAsking(false),
          })
        }
      >
        <p>
          {plural(ids.length, {
            one: "# other browser has to sign in again.",
            other: "# other browsers have to sign in again.",
          })}{" "}
          <Trans>If one of them is not yours, change your password, too.</Trans>
        </p>
      </ConfirmDialog>
    </>
  );
}

const momentOf = (seconds: number) => new Date(1000 * seconds).toISOString();
