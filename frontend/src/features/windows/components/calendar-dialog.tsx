import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { CalendarInput } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Field, Input, Select } from "@/components/field";
import { ApiError, errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useCalendarActions } from "../api/calendars";

type Props = { isOpen: boolean; onClose: () => void };
type Kind = CalendarInput["kind"] | "google";

export function CalendarDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t`Connect a calendar`}
      note={t`Only when somebody is busy is read; titles and guests are not kept.`}
    >
      <CalendarForm onClose={onClose} />
    </Dialog>
  );
}

const EMPTY = { name: "", kind: "ics", url: "", user: "", password: "" } as CalendarInput;

function CalendarForm({ onClose }: { onClose: () => void }) {
  const { slug } = useTenant();
  const [kind, setKind] = useState<Kind>("ics");
  const [input, setInput] = useState(EMPTY);
  const { connect, google } = useCalendarActions(slug);
  const failed = connect.error ?? google.error;
  const fields = failed instanceof ApiError ? failed.fields : {};
  const set = (change: Partial<CalendarInput>) => setInput({ ...input, ...change });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (kind === "google")
      return google.mutate({}, { onSuccess: ({ url }) => location.assign(url) });
    connect.mutate(
      { ...input, kind },
      {
        onSuccess: (calendar) => {
          toast.success(t`${calendar.name} is being read.`);
          onClose();
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      {failed && Object.keys(fields).length === 0 && (
        <Banner tone="bad" title={errorText(failed)} />
      )}
      <Field label={t`Kind`}>
        {(control) => (
          <Select
            {...control}
            value={kind}
            onChange={({ target }) => setKind(target.value as Kind)}
          >
            <option value="ics">
              <Trans>An ICS address</Trans>
            </option>
            <option value="caldav">
              <Trans>CalDAV</Trans>
            </option>
            <option value="google">
              <Trans>Google Calendar</Trans>
            </option>
          </Select>
        )}
      </Field>
      {kind === "google" ? (
        <p className="text-sm text-mute">
          <Trans>Google asks you whether we may see when you are busy, and nothing else.</Trans>
        </p>
      ) : (
        <ByAddress input={input} isCalDav={kind === "caldav"} fields={fields} onChange={set} />
      )}
      <DialogFooter>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="primary" isBusy={connect.isPending || google.isPending}>
          {kind === "google" ? t`Go to Google` : t`Connect`}
        </Button>
      </DialogFooter>
    </form>
  );
}

type AddressProps = {
  input: CalendarInput;
  isCalDav: boolean;
  fields: Record<string, string[]>;
  onChange: (change: Partial<CalendarInput>) => void;
};

function ByAddress({ input, isCalDav, fields, onChange }: AddressProps) {
  return (
    <>
      <Text label={t`Name`} name="name" {...{ input, fields, onChange }} />
      <Text
        label={t`Address`}
        name="url"
        hint={
          isCalDav
            ? t`The address of one calendar on the server.`
            : t`The calendar’s secret address; it is kept sealed, like a password.`
        }
        {...{ input, fields, onChange }}
      />
      {isCalDav && (
        <>
          <Text label={t`User name`} name="user" {...{ input, fields, onChange }} />
          <Text
            label={t`Password`}
            name="password"
            hint={t`Most servers make one for this alone, an app password.`}
            {...{ input, fields, onChange }}
          />
        </>
      )}
    </>
  );
}

type TextProps = Omit<AddressProps, "isCalDav"> & {
  label: string;
  name: "name" | "url" | "user" | "password";
  hint?: string;
};

function Text({ label, name, hint, input, fields, onChange }: TextProps) {
  return (
    <Field label={label} hint={hint} errors={fields[name]}>
      {(control) => (
        <Input
          {...control}
          required
          autoComplete="off"
          type={name === "password" ? "password" : "text"}
          maxLength={name === "url" ? 2000 : 80}
          value={input[name]}
          onChange={({ target }) => onChange({ [name]: target.value })}
        />
      )}
    </Field>
  );
}
