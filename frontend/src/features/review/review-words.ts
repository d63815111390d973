import { t } from "@lingui/core/macro";
import type { Proposal, RejectReason, ReplayDetail } from "@/client/contract";

/** What a proposal would do to the library. */
export const KIND_NAMES: Record<Proposal["kind"], string> = {
  create: t`new`,
  revise: t`edit`,
  merge: t`merge`,
  retire: t`retire`,
};

/** Which turns a replay asked again. */
export const GROUP_NAMES: Record<ReplayDetail["cases"][number]["group"], string> = {
  evidence: t`behind it`,
  held_out: t`held out`,
  control: t`went well`,
  chosen: t`chosen`,
};

export const CASE_STATUS: Record<ReplayDetail["cases"][number]["status"], string> = {
  waiting: t`waiting`,
  done: t`done`,
  skipped: t`skipped`,
};

/** Why a proposal is not wanted. */
export const REASONS: Record<RejectReason, string> = {
  wrong: t`The advice is wrong`,
  duplicate: t`Another skill says this already`,
  unsafe: t`It is unsafe`,
  vague: t`It is too vague to help`,
  not_needed: t`It is not needed`,
  other: t`Something else`,
};
