import type { WindowRules } from "@/client/contract";
import { clockText, DAY_MINUTES } from "@/lib/local-time";

export type Hours = WindowRules["hours"][number];
/** Which end of which hours. */
export type Edge = { place: number; end: "starts" | "ends" };
/** What is drawn of hours on one day; those over midnight have a part on each. */
export type Part = {
  place: number;
  weekday: number;
  from: number;
  to: number;
  hasStart: boolean;
  hasEnd: boolean;
};

/** Half an hour: finer than that, times are typed. */
export const SNAP = 30;

export function minutesOf(clock: string): number {
  const [hours = "", minutes = ""] = clock.split(":");
  const found = Number(hours) * 60 + Number(minutes);
  return /^\d\d:\d\d$/.test(clock) && found <= DAY_MINUTES ? found : Number.NaN;
}

/** The parts of a week; hours whose times are being typed are left out. */
export function partsOf(hours: Hours[]): Part[] {
  return hours.flatMap(({ weekday, starts, ends }, place) => {
    const [from, to] = [minutesOf(starts), minutesOf(ends)];
    if (Number.isNaN(from) || Number.isNaN(to)) return [];
    if (to > from) return [{ place, weekday, from, to, hasStart: true, hasEnd: true }];
    const rest = { place, weekday: (weekday + 1) % 7, from: 0, to, hasStart: false, hasEnd: true };
    const first = { place, weekday, from, to: DAY_MINUTES, hasStart: true, hasEnd: to === 0 };
    return to === 0 ? [first] : [first, rest];
  });
}

/** New hours from one place of a day to another, in whichever direction they were drawn. */
export function drawn(weekday: number, one: number, other: number): Hours {
  const from = Math.min(DAY_MINUTES - SNAP, Math.min(snapped(one), snapped(other)));
  const to = Math.max(from + SNAP, Math.max(snapped(one), snapped(other)));
  return { weekday, starts: clockText(from), ends: clockText(to) };
}

/** Hours with one of their ends drawn to another minute of the day that it is on. */
export function pulled(hours: Hours, end: Edge["end"], isNextDay: boolean, minute: number): Hours {
  const at = snapped(minute);
  const [from, to] = [minutesOf(hours.starts), minutesOf(hours.ends)];
  if (end === "starts") {
    // Hours that end on the day after may begin at any minute of theirs.
    const most = to > from ? to - SNAP : DAY_MINUTES - SNAP;
    return { ...hours, starts: clockText(Math.max(0, Math.min(most, at))) };
  }
  if (isNextDay) return { ...hours, ends: clockText(Math.max(SNAP, Math.min(from, at))) };
  return { ...hours, ends: clockText(Math.max(from + SNAP, Math.min(DAY_MINUTES, at))) };
}

const snapped = (minute: number) =>
  Math.max(0, Math.min(DAY_MINUTES, Math.round(minute / SNAP) * SNAP));
