import { t } from "@lingui/core/macro";
import type { Outcome, TurnStatus } from "@/client/contract";
import { Tag, type Tone } from "./tag";

const OUTCOME: Record<Outcome, Tone> = {
  passed: "ok",
  failed: "bad",
  neutral: "quiet",
  unscored: "quiet",
  error: "warn",
};

export const OUTCOMES: Outcome[] = ["passed", "failed", "neutral", "unscored", "error"];

export const OUTCOME_TEXT: Record<Outcome, string> = {
  passed: t`passed`,
  failed: t`failed`,
  neutral: t`neutral`,
  unscored: t`unscored`,
  error: t`error`,
};

export const STATUS_TEXT: Record<TurnStatus, string> = {
  complete: t`complete`,
  client_aborted: t`client left`,
  truncated_upstream: t`cut by provider`,
  truncated_crash: t`cut by a crash`,
  upstream_error: t`provider error`,
  rejected: t`rejected`,
};

export const STATUSES = Object.keys(STATUS_TEXT) as TurnStatus[];

export function OutcomeTag({ outcome }: { outcome: Outcome }) {
  return <Tag tone={OUTCOME[outcome]}>{OUTCOME_TEXT[outcome]}</Tag>;
}

/** Only what went wrong is worth a tag; a complete turn says so by its outcome. */
export function StatusTag({ status }: { status: TurnStatus }) {
  if (status === "complete") return null;
  return <Tag tone="warn">{STATUS_TEXT[status]}</Tag>;
}
