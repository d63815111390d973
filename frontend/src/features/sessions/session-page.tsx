import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { buttonClass } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Moment } from "@/components/moment";
import { PaneHeader } from "@/components/page";
import { EmptyState, ErrorState, LoadingBlock } from "@/components/states";
import { shortId } from "@/lib/format";
import { knownBy } from "@/lib/session-source";
import { useTenant } from "@/lib/tenant";
import { useSession } from "./api/sessions";
import { SessionState } from "./components/session-state";
import { Went } from "./components/session-table";
import { SessionTurnView } from "./components/session-turn";

export function SessionPage({ id }: { id: string }) {
  const { slug } = useTenant();
  const found = useSession(slug, id);
  const session = found.data?.session;
  const turns = found.data?.turns ?? [];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PaneHeader>
        <Link
          to="/t/$tenant/sessions"
          params={{ tenant: slug }}
          aria-label={t`All sessions`}
          className={buttonClass({ variant: "ghost", isIcon: true })}
        >
          <ChevronLeft aria-hidden />
        </Link>
        <h1 className="truncate text-sm font-semibold">
          <Trans>
            Session <span className="font-mono font-normal">{shortId(id)}</span>
          </Trans>
        </h1>
        <CopyButton text={id} label={t`Copy session id`} isIcon variant="ghost" />
        {session && (
          <>
            <SessionState state={session.state} />
            <Went session={session} />
            <span className="ml-auto hidden text-sm text-mute sm:block">
              {session.agent && `${session.agent} · `}
              {knownBy(session.source)} · <Moment at={session.started_at} />
            </span>
          </>
        )}
      </PaneHeader>
      {found.isPending && <LoadingBlock label={t`Loading the session`} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {session && (
        <div className="min-h-0 flex-1 overflow-y-auto bg-panel p-4 lg:p-5">
          {turns.length === 0 && (
            <EmptyState title={t`No turns left`}>
              <Trans>What was said here is older than this workspace keeps turns.</Trans>
            </EmptyState>
          )}
          <ol aria-label={t`Turns`} className="mx-auto flex max-w-[860px] flex-col gap-5">
            {turns.map((one) => (
              <SessionTurnView key={one.turn.id} one={one} />
            ))}
          </ol>
          {session.turns_total > turns.length && turns.length > 0 && (
            <p className="mt-5 text-center text-sm text-mute">
              <Trans>
                The first {plural(turns.length, { one: "# turn", other: "# turns" })} of{" "}
                {session.turns_total}.{" "}
                <Link
                  to="/t/$tenant/turns"
                  params={{ tenant: slug }}
                  search={{ session: id }}
                  className="underline underline-offset-2"
                >
                  All of them
                </Link>
              </Trans>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
