import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Moon, Plus, Trash2 } from "lucide-react";
import type { WindowRules } from "@/client/contract";
import { Button } from "@/components/button";
import { Input, Select } from "@/components/field";
import { WEEKDAYS } from "../weekdays";
import { HoursStrip } from "./hours-strip";

type Hours = WindowRules["hours"][number];
type Props = {
  hours: Hours[];
  zone: string;
  errors: string[];
  onChange: (hours: Hours[]) => void;
};

const MOST = 60;
const TIME = "([01]\\d|2[0-3]):[0-5]\\d";
const NIGHT = { starts: "23:00", ends: "07:00" };

/** Sleep hours, several a weekday; an end that is not after its start is the next day's. */
export function HoursEditor({ hours, zone, errors, onChange }: Props) {
  const nights = WEEKDAYS.map((_, weekday) => ({ weekday, ...NIGHT }));
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">
        <Trans>Sleep hours</Trans>
      </legend>
      <HoursStrip hours={hours} isFull={hours.length >= MOST} onChange={onChange} />
      {hours.map((row, place) => (
        // Rows have no names of their own; their place is what they are.
        <Row
          key={place}
          row={row}
          name={t`Hours ${place + 1}`}
          onChange={(change) => onChange(hours.with(place, { ...row, ...change }))}
          onRemove={() => onChange(hours.filter((_, at) => at !== place))}
        />
      ))}
      <div className="flex flex-wrap gap-1.5">
        <Button
          disabled={hours.length >= MOST}
          onClick={() => onChange([...hours, { weekday: nextDay(hours), ...NIGHT }])}
        >
          <Plus aria-hidden />
          <Trans>Add hours</Trans>
        </Button>
        {hours.length === 0 && (
          <Button onClick={() => onChange(nights)}>
            <Moon aria-hidden />
            <Trans>Every night</Trans>
          </Button>
        )}
      </div>
      <p className={errors.length > 0 ? "text-xs text-bad" : "text-xs text-mute"}>
        {errors.length > 0 ? errors.join(" ") : t`In the workspace\u2019s time, ${zone}.`}
      </p>
    </fieldset>
  );
}

type RowProps = {
  row: Hours;
  name: string;
  onChange: (change: Partial<Hours>) => void;
  onRemove: () => void;
};

function Row({ row, name, onChange, onRemove }: RowProps) {
  return (
    <div className="flex items-center gap-1.5">
      <Select
        isInline
        className="min-w-0 flex-1"
        aria-label={t`${name}: day`}
        value={row.weekday}
        onChange={({ target }) => onChange({ weekday: Number(target.value) })}
      >
        {WEEKDAYS.map((day, weekday) => (
          <option key={day} value={weekday}>
            {day}
          </option>
        ))}
      </Select>
      <Clock
        name={t`${name}: from`}
        value={row.starts}
        pattern={TIME}
        onChange={(starts) => onChange({ starts })}
      />
      <span aria-hidden>–</span>
      <Clock
        name={t`${name}: to`}
        value={row.ends}
        pattern={`${TIME}|24:00`}
        onChange={(ends) => onChange({ ends })}
      />
      <Button variant="ghost" isIcon aria-label={t`Remove ${name}`} onClick={onRemove}>
        <Trash2 aria-hidden />
      </Button>
    </div>
  );
}

type ClockProps = {
  name: string;
  value: string;
  pattern: string;
  onChange: (value: string) => void;
};

/** A time of day as 23:30. A browser's own time field would follow its reader's habits. */
function Clock({ name, value, pattern, onChange }: ClockProps) {
  return (
    <Input
      isInline
      required
      className="w-[62px] tabular-nums"
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      placeholder="23:30"
      title={t`A time like 23:30`}
      aria-label={name}
      pattern={pattern}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

function nextDay(hours: Hours[]): number {
  return hours.length === 0 ? 0 : ((hours.at(-1)?.weekday ?? 0) + 1) % WEEKDAYS.length;
}
