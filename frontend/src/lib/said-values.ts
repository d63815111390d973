import { formatChange } from "./format";
import { clockText, dayName, localOf } from "./local-time";
import { ownZone, timeIn } from "./zones";

/** What fills the places of sentences; each has those that its words name. */
type Name =
  | "address"
  | "baseline"
  | "candidate"
  | "control"
  | "count"
  | "days"
  | "difference"
  | "done"
  | "end"
  | "flat"
  | "here"
  | "high"
  | "host"
  | "judge"
  | "kind"
  | "kinds"
  | "known"
  | "label"
  | "least"
  | "length"
  | "limit"
  | "line"
  | "listed"
  | "low"
  | "margin"
  | "minutes"
  | "model"
  | "more"
  | "most"
  | "name"
  | "named"
  | "needed"
  | "noun"
  | "number"
  | "pairs"
  | "passed"
  | "path"
  | "phrase"
  | "planned"
  | "quorum"
  | "reward"
  | "role"
  | "said"
  | "share"
  | "short"
  | "since"
  | "single"
  | "slug"
  | "slugs"
  | "start"
  | "status"
  | "step"
  | "steps"
  | "text"
  | "there"
  | "titles"
  | "tokens"
  | "treated"
  | "until"
  | "url"
  | "used_at"
  | "uses"
  | "version"
  | "wanted"
  | "who"
  | "why"
  | "zone";
export type Values = Readonly<Record<Name, string | number>>;
export type Say = (values: Values) => string;

export const many = (value: string | number) => Number(value);

/** `+0.44`, `−0.50`. */
export const signed = (value: string | number) => formatChange(Number(value));

/** A share from 0 to 1 as whole percent. */
export const percent = (share: string | number) => Math.round(100 * Number(share));

/** A moment as the reader's clock shows it. */
export const moment = (iso: string | number) => timeIn(String(iso), ownZone()) ?? String(iso);

/** A moment to come as the clock of a workspace shows it, with its day where that is not today. */
export function comes(iso: string | number, zone: string | number): string {
  const then = localOf(String(iso), String(zone));
  const today = localOf(new Date().toISOString(), String(zone));
  const clock = clockText(then.minutes);
  return then.day === today.day ? clock : `${dayName(then.day)} ${clock}`;
}
