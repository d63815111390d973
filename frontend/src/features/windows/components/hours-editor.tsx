import { Moon, Plus, Trash2 } from "lucide-react";
import type { WindowRules } from "@/client/contract";
import { Button } from "@/components/button";
import { Input, Select } from "@/components/field";

type Hours = WindowRules["hours"][number];
type Props = {
  hours: Hours[];
  zone: string;
  errors: string[];
  onChange: (hours: Hours[]) => void;
};

const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
const MOST = 60;
const NIGHT = { starts: "23:00", ends: "07:00" };

/** Sleep hours, several a weekday; an end that is not after its start is the next day's. */
export function HoursEditor({ hours, zone, errors, onChange }: Props) {
  const nights = WEEKDAYS.map((_, weekday) => ({ weekday, ...NIGHT }));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">Sleep hours</legend>
      {hours.map((row, place) => (
        // Rows have no names of their own; their place is what they are.
        <Row
          key={place}
          row={row}
          name={`Hours ${place + 1}`}
          onChange={(change) => onChange(hours.with(place, { ...row, ...change }))}
          onRemove={() => onChange(hours.filter((_, at) => at !== place))}
        />
      ))}
      <div className="flex flex-wrap gap-1.5">
        <Button
          disabled={hours.length >= MOST}
          onClick={() => onChange([...hours, { weekday: nextDay(hours), ...NIGHT }])}
        >
          <Plus aria-hidden /> Add hours
        </Button>
        {hours.length === 0 && (
          <Button onClick={() => onChange(nights)}>
            <Moon aria-hidden /> Every night
          </Button>
        )}
      </div>
      <p className={errors.length > 0 ? "text-xs text-bad" : "text-xs text-mute"}>
        {errors.length > 0 ? errors.join(" ") : `In the workspace\u2019s time, ${zone}.`}
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
        aria-label={`${name}: day`}
        value={row.weekday}
        onChange={({ target }) => onChange({ weekday: Number(target.value) })}
      >
        {WEEKDAYS.map((day, weekday) => (
          <option key={day} value={weekday}>
            {day}
          </option>
        ))}
      </Select>
      <Input
        isInline
        required
        type="time"
        aria-label={`${name}: from`}
        value={row.starts}
        onChange={({ target }) => onChange({ starts: target.value })}
      />
      <Input
        isInline
        required
        type="time"
        aria-label={`${name}: to`}
        // A time field knows no 24:00; midnight of the next day is the same.
        value={row.ends === "24:00" ? "00:00" : row.ends}
        onChange={({ target }) => onChange({ ends: target.value })}
      />
      <Button variant="ghost" isIcon aria-label={`Remove ${name}`} onClick={onRemove}>
        <Trash2 aria-hidden />
      </Button>
    </div>
  );
}

function nextDay(hours: Hours[]): number {
  return hours.length === 0 ? 0 : ((hours.at(-1)?.weekday ?? 0) + 1) % WEEKDAYS.length;
}
