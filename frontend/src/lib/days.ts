/** Days of an address (`2026-11-20`) as moments, in the reader's own time zone. */
export const dayStart = (day: string) => new Date(`${day}T00:00:00`).toISOString();

/** The first moment after the day. */
export function dayEnd(day: string): string {
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}
