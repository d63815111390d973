import { t } from "@lingui/core/macro";
import type { Say } from "./said-values";

/** Calendars and the hours of windows. */
export const CALENDAR_WORDS: Record<string, Say> = {
  calendar_long: () =>
    t`The calendar takes too long to read: perhaps an event in it repeats every second.`,
  calendar_no_caldav: () =>
    t`What answers is no CalDAV calendar. Enter the address of one calendar, not of the server.`,
  calendar_slow: ({ limit }) => t`The calendar’s server did not answer within ${limit} seconds.`,
  calendar_status: ({ status }) => t`The calendar’s server answered ${status}.`,
  calendar_unreachable: ({ why }) => t`The calendar’s server cannot be reached: ${why}.`,
  calendar_compressed: () => t`The calendar’s server sends compressed answers only.`,
  calendar_moved: ({ host }) =>
    t`The calendar has moved to ${host}: enter the address that a browser ends up at.`,
  calendar_moved_somewhere: () =>
    t`The calendar has moved: enter the address that a browser ends up at.`,
  calendar_refuses: ({ status }) =>
    t`The calendar’s server refuses us (${status}): check user name and password, or copy the address again.`,
  calendar_gone: ({ status }) =>
    t`There is no calendar at this address any more (${status}): copy it again.`,
  calendar_large: ({ limit }) => t`The calendar is larger than ${limit} MB.`,
  google_connect_again: () =>
    t`Google does not let us read this calendar any more. Connect it again.`,
  google_status: ({ status }) => t`Google answered ${status}.`,
  google_rubbish: () => t`Google answered something that we cannot read.`,
  google_no_consent: () =>
    t`The consent does not cover the calendar: connect again and leave its box ticked.`,
  google_not_lasting: () => t`Google gave no lasting permission. Connect again.`,
  google_not_shown: ({ why }) => t`Google does not show this calendar (${why}). Connect it again.`,
  google_away: () => t`Google cannot be reached.`,
  google_unknown_client: () =>
    t`Google does not know this installation: the operator has to check METACLAW_GOOGLE_CLIENT_ID and METACLAW_GOOGLE_CLIENT_SECRET.`,
  calendar_web_page: () =>
    t`The address answers with a web page. Copy the calendar’s own address, which often ends in .ics.`,
  calendar_none: () => t`What the address answers is no calendar.`,
  calendar_cut: () => t`The calendar’s data is broken, or cut off.`,
  calendar_busy: ({ limit }) => t`The calendar has more than ${limit} busy times in a week.`,
  calendar_broken: () => t`The calendar’s data is broken.`,
  calendar_broken_event: () => t`An event of the calendar is broken.`,
  calendar_broken_time: ({ name }) => t`An event of the calendar has a broken time (${name}).`,
  day_begins: () => t`A day begins at 00:00.`,
  google_not_here: () => t`Google Calendar is not set up for this installation.`,
  caldav_password: () =>
    t`A CalDAV server wants a user name and a password, also when the server changes; often one made for this alone.`,
  calendar_unconnected: () => t`This calendar is not connected yet.`,
  calendar_name_taken: ({ name }) => t`There is a calendar called ${name} already.`,
  google_no_address: () => t`A Google calendar has no address: connect it again.`,
  google_not_set_up: () =>
    t`Google Calendar is not set up for this installation: the operator registers it with Google and sets METACLAW_GOOGLE_CLIENT_ID. Any calendar’s ICS address works without.`,
  google_consent_old: () => t`This consent is too old, or somebody else's. Connect again.`,
  window_longest: () => t`The longest window is shorter than the shortest.`,
  window_short: ({ start, end, minutes }) =>
    t`${start} to ${end} is shorter than the minimum length of ${minutes} minutes: it would never open.`,
  black_out_backwards: () => t`A time without training ends before it begins.`,
  windows_impossible: () => t`These windows cannot be.`,
  no_time_of_day: ({ text }) => t`${text} is not a time of day like 23:30.`,
};
