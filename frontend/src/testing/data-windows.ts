import type { Windows } from "@/client/contract";

const AT = Date.now();
/** So many hours from now, as the server writes times. */
export const inHours = (hours: number) => new Date(AT + hours * 3_600_000).toISOString();

export const RULES: Windows["rules"] = {
  hours: [{ weekday: 0, starts: "23:00", ends: "24:00" }],
  idle_minutes: null,
  min_minutes: 20,
  max_minutes: null,
  quiet_minutes: 1,
  black_outs: [],
  unknown_calendar: "busy" as Windows["rules"]["unknown_calendar"],
};
export const WINDOWS: Windows = {
  at: inHours(0),
  time_zone: "Asia/Kathmandu",
  rules: RULES,
  verdict: {
    is_open: false,
    code: "busy",
    sentence: "The calendar Work says busy until 15:00.",
    sentence_said: [],
    window_id: null,
    closes_at: null,
    next_opens_at: inHours(3.1),
  },
  forecast: [
    {
      key: "one",
      source: "hours",
      opens_at: "2026-11-22T17:15:00Z",
      closes_at: "2026-11-23T01:15:00Z",
    },
  ],
  blocked: [
    {
      cause: "busy",
      label: "Work",
      starts_at: "2026-11-22T04:00:00Z",
      ends_at: "2026-11-22T05:00:00Z",
    },
  ],
};
