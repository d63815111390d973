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
          Connecting the calendar…
        </p>
      ) : (
        <div role="alert">
          <EmptyState
            title="The calendar is not connected"
            action={
              tenant ? (
                <Link to="/t/$tenant/windows" params={{ tenant }} className={buttonClass()}>
                  Back to Windows
                </Link>
              ) : (
                <Link to="/" className={buttonClass()}>
                  To the console
                </Link>
              )
            }
          >
            {connected.isError
              ? errorText(connected.error)
              : "Google gave no permission. Nothing was changed."}
          </EmptyState>
        </div>
      )}
    </main>
  );
}
