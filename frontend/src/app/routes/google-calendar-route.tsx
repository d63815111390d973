import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link, Navigate, useSearch } from "@tanstack/react-router";
import { buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";
import { useConsent } from "@/features/windows/api/calendars";
import { workspaceOf } from "@/features/windows/consent";
import { errorText } from "@/lib/api";

/** Where Google sends people back to: hands the consent in, then goes to the windows. */
export function GoogleCalendarRoute() {
  const consent = useSearch({ from: "/calendars/google" });
  const tenant = workspaceOf(consent);
  const connected = useConsent(consent);
  if (connected.isSuccess && tenant)
    return <Navigate to="/t/$tenant/windows" params={{ tenant }} />;
  const isWaiting = connected.isFetching;
  return (
    <main className="grid min-h-dvh place-items-center">
      {isWaiting ? (
        <p role="status" className="text-sm text-mute">
          <Trans>Connecting the calendar…</Trans>
        </p>
      ) : (
        <div role="alert">
          <EmptyState
            title={t`The calendar is not connected`}
            action={
              tenant ? (
                <Link to="/t/$tenant/windows" params={{ tenant }} className={buttonClass()}>
                  <Trans>Back to Windows</Trans>
                </Link>
              ) : (
                <Link to="/" className={buttonClass()}>
                  <Trans>To the console</Trans>
                </Link>
              )
            }
          >
            {connected.isError
              ? errorText(connected.error)
              : t`Google gave no permission. Nothing was changed.`}
          </EmptyState>
        </div>
      )}
    </main>
  );
}
