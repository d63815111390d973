import { dateLocale } from "@/lib/locale";

/** Times as the clocks of the workspace show them, wherever the reader is. */

export const DAY_MINUTES = 24 * 60;

/** Days since 1970 and minutes since midnight of an instant, in a zone. */
export type Local = { day: number; minutes: number };

const readers = new Map<string, Intl.DateTimeFormat>();

export function localOf(iso: string, zone: string): Local {
  let reader = readers.get(zone);
  if (!reader) {
    const fields = { year: "numeric", month: "numeric", day: "numeric" } as const;
    const clock = { hour: "numeric", minute: "numeric", hourCycle: "h23" } as const;
    reader = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...fields, ...clock });
    readers.set(zone, reader);
  }
  const part = Object.fromEntries(
    reader.formatToParts(new Date(iso)).map(({ type, value }) => [type, Number(value)]),
  ) as Record<"year" | "month" | "day" | "hour" | "minute", number>;
  return {
    day: Date.UTC(part.year, part.month - 1, part.day) / 86_400_000,
    minutes: part.hour * 60 + part.minute,
  };
}

/** `Mon 23 Nov`. */
export function dayName(day: number): string {
  return new Date(day * 86_400_000).toLocaleDateString(dateLocale(), {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
}

/** `23:00`; the end of a day is `24:00`. */
export function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** The part of each day that a time takes, cut at midnight. */
export function daysOf(starts: string, ends: string, zone: string) {
  const first = localOf(starts, zone);
  const last = localOf(ends, zone);
  const parts: { day: number; from: number; to: number }[] = [];
  for (let day = first.day; day <= last.day; day++) {
    const from = day === first.day ? first.minutes : 0;
    const to = day === last.day ? last.minutes : DAY_MINUTES;
    if (to > from) parts.push({ day, from, to });
  }
  return parts;
}
