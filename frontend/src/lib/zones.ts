import { t } from "@lingui/core/macro";

/** The same moment as clocks elsewhere show it. */

const readers = new Map<string, Intl.DateTimeFormat>();

/** Where the reader is, as their browser says. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Which zone the reader's times are of, for what has no room to say both clocks. */
export function ownZoneNote(tenantZone: string | null): string | undefined {
  const own = ownZone();
  return tenantZone && tenantZone !== own ? t`Times where you are, ${own}` : undefined;
}

/** `2026-11-20 23:50` in a zone; `null` where the browser does not know it. */
export function timeIn(iso: string, zone: string): string | null {
  let reader = readers.get(zone);
  if (!reader) {
    try {
      reader = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      });
    } catch {
      return null;
    }
    readers.set(zone, reader);
  }
  const parts = Object.fromEntries(
    reader.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
}
