import { Moment } from "./moment";

/** How long ago something happened. */
export function Ago({ at }: { at: string }) {
  return <Moment at={at} look="ago" />;
}
