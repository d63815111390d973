import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CalendarPlus, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Calendar } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useCalendarActions, useCalendars } from "../api/calendars";
import { CalendarDialog } from "./calendar-dialog";

const KIND = { ics: "ICS", caldav: "CalDAV", google: t`Google` };

/** The calendars whose busy times keep windows shut. */
export function CalendarPanel() {
  const { slug, may } = useTenant();
  const calendars = useCalendars(slug);
  const [isAdding, setIsAdding] = useState(false);
  const add = (
    <Button disabled={!may("admin")} onClick={() => setIsAdding(true)}>
      <CalendarPlus aria-hidden />
      <Trans>Connect a calendar</Trans>
    </Button>
  );
  return (
    <Panel title={t`Calendars`} aside={calendars.data && calendars.data.length > 0 && add}>
      {calendars.isPending && <LoadingRows rows={2} label={t`Loading calendars`} />}
      {calendars.isError && (
        <ErrorState error={calendars.error} onRetry={() => void calendars.refetch()} />
      )}
      {calendars.data?.length === 0 && (
        <EmptyState icon={CalendarPlus} title={t`No calendar is connected`} action={add}>
          <Trans>
            While a calendar says busy, nothing trains. Only times are read and kept, no titles.
          </Trans>
        </EmptyState>
      )}
      {calendars.data && calendars.data.length > 0 && (
        <ul className="divide-y divide-line">
          {calendars.data.map((calendar) => (
            <Row key={calendar.id} calendar={calendar} />
          ))}
        </ul>
      )}
      <CalendarDialog isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </Panel>
  );
}

function Row({ calendar }: { calendar: Calendar }) {
  const { slug, may } = useTenant();
  const [isRemoving, setIsRemoving] = useState(false);
  const { check, remove, google } = useCalendarActions(slug);
  const onError = (error: Error) => toast.error(errorText(error));
  const isGoogle = calendar.kind === "google";
  return (
    <li className="flex flex-col gap-1 px-3.5 py-2.5 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{calendar.name}</span>
        <Tag>{KIND[calendar.kind]}</Tag>
        <State calendar={calendar} />
        <span className="ml-auto inline-flex gap-1.5">
          {isGoogle && (calendar.needs_person || !calendar.is_connected) && (
            <Button
              disabled={!may("admin")}
              isBusy={google.isPending}
              onClick={() =>
                google.mutate(
                  { calendar_id: calendar.id },
                  { onSuccess: ({ url }) => location.assign(url), onError },
                )
              }
            >
              <Trans>Connect again</Trans>
            </Button>
          )}
          {calendar.is_connected && (
            <Button
              isIcon
              disabled={!may("admin")}
              isBusy={check.isPending}
              aria-label={t`Read ${calendar.name} now`}
              onClick={() => check.mutate(calendar.id, { onError })}
            >
              <RotateCw aria-hidden />
            </Button>
          )}
          <Button
            variant="danger"
            isIcon
            disabled={!may("admin")}
            aria-label={t`Remove ${calendar.name}`}
            onClick={() => setIsRemoving(true)}
          >
            <Trash2 aria-hidden />
          </Button>
        </span>
      </div>
      <p className="text-xs text-mute">
        {calendar.origin}
        {calendar.fetched_at && (
          <Trans>
            {" · "}
            {plural(calendar.busy_count, { one: "# busy time", other: "# busy times" })}, read{" "}
            <Ago at={calendar.fetched_at} />
          </Trans>
        )}
      </p>
      {calendar.last_error && (
        <p className="text-xs text-bad">
          {saidText(calendar.last_error, calendar.last_error_said)}
        </p>
      )}
      <ConfirmDialog
        isOpen={isRemoving}
        onClose={() => setIsRemoving(false)}
        title={t`Remove ${calendar.name}?`}
        action={t`Remove`}
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(calendar.id, { onError, onSettled: () => setIsRemoving(false) })
        }
      >
        <Trans>Its busy times are forgotten, and no longer keep windows shut.</Trans>
      </ConfirmDialog>
    </li>
  );
}

function State({ calendar: { is_connected, last_error, fetched_at } }: { calendar: Calendar }) {
  if (!is_connected)
    return (
      <Tag tone="warn">
        <Trans>not connected</Trans>
      </Tag>
    );
  if (last_error)
    return (
      <Tag tone="bad">
        <Trans>failing</Trans>
      </Tag>
    );
  return fetched_at ? (
    <Tag tone="ok">
      <Trans>connected</Trans>
    </Tag>
  ) : (
    <Tag tone="info">
      <Trans>being read</Trans>
    </Tag>
  );
}
