import { t } from "@lingui/core/macro";
import { dateLocale, numberLocale } from "./locale";

/** Numbers and times as the console writes them, in the language that it speaks. */

const count = new Intl.NumberFormat(numberLocale());
const compact = new Intl.NumberFormat(numberLocale(), {
  notation: "compact",
  maximumFractionDigits: 1,
});
const figure = new Intl.NumberFormat(numberLocale(), { maximumSignificantDigits: 3 });
const none = "–";

export function formatCount(value: number | null): string {
  return value === null ? none : count.format(value);
}

/** Counts above 9,999 are shortened: `12.3K`. */
export function formatCompact(value: number): string {
  return value < 10_000 ? count.format(value) : compact.format(value);
}

export function formatPercent(part: number, whole: number): string {
  if (whole === 0) return none;
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return "<0.1%";
  // Never "100%" while something is missing.
  if (percent > 99 && percent < 100) return `${Math.floor(percent * 10) / 10}%`;
  return `${percent < 10 && percent % 1 !== 0 ? percent.toFixed(1) : Math.round(percent)}%`;
}

/** `840 ms`, `1.8 s`, `2 m 5 s`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return none;
  if (ms > 0 && ms < 1) return t`<1 ms`;
  if (ms < 1000) return t`${Math.round(ms)} ms`;
  if (ms < 59_950) return t`${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return t`${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

/** `812 B`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit > 0 && size < 99.5 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** Month-day and time of day in the reader's time zone: `11-20 23:50:04`. */
export function formatTime(iso: string): string {
  const at = new Date(iso);
  const day = `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

export function formatHour(iso: string): string {
  const at = new Date(iso);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

export function formatDay(iso: string): string {
  return new Date(iso).toLocaleDateString(dateLocale(), {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}

/** How long ago: `now`, `4 min`, `3 h`, `2 d`, then the date. */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 45) return t`now`;
  if (seconds < 3570) return agoText("min", Math.max(1, Math.round(seconds / 60)));
  if (seconds < 86_400) return agoText("h", Math.round(seconds / 3600));
  if (seconds < 14 * 86_400) return agoText("d", Math.round(seconds / 86_400));
  return formatDay(iso);
}

/** How long until then: `2 min`, `2 h 14 min`, `1 d 3 h`; `a moment` for what is due. */
export function formatUntil(iso: string, now = Date.now()): string {
  return lengthText(Math.round((Date.parse(iso) - now) / 60_000));
}

/** A number of minutes: `2 h 5 min`, `40 min`, `3 d 4 h`; under one: `a moment`. */
export function lengthText(length: number): string {
  const minutes = Math.floor(length);
  if (minutes < 1) return t`a moment`;
  if (minutes < 60) return minutesText(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24)
    return [hoursText(hours), minutes % 60 && minutesText(minutes % 60)].filter(Boolean).join(" ");
  const days = Math.floor(hours / 24);
  return [daysText(days), hours % 24 && hoursText(hours % 24)].filter(Boolean).join(" ");
}

/** English leaves out that it is past; other languages would mean a length of time by that. */
function agoText(unit: "min" | "h" | "d", n: number): string {
  if (unit === "min") return t({ message: `${n} min`, context: "ago" });
  if (unit === "h") return t({ message: `${n} h`, context: "ago" });
  return t({ message: `${n} d`, context: "ago" });
}

const minutesText = (n: number) => t`${n} min`;
const hoursText = (n: number) => t`${n} h`;
const daysText = (n: number) => t`${n} d`;

/** Ids made in the same minute share their beginning, so the end is kept too. */
export function shortId(id: string): string {
  return id.length > 14 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}

/** `+1`, `0`, `−1` with a real minus sign, so that columns line up. */
export function formatScore(score: number | null): string {
  if (score === null) return none;
  if (score === 0) return "0";
  return score > 0 ? `+${score}` : `−${Math.abs(score)}`;
}

/** A measured number, in three digits that count: `0.43`, `−1.25`, `1.2e−5`. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const size = Math.abs(value);
  const isOdd = size !== 0 && (size < 0.001 || size >= 1e6);
  const text = isOdd ? size.toExponential(1).replace("-", "−") : figure.format(size);
  return value < 0 && text !== "0" ? `−${text}` : text;
}

/** How far something moved, in two decimals: `+0.44`, `−0.50`. */
export function formatChange(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

/** `data_analysis` → `data analysis`. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}
