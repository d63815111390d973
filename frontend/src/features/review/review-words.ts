import { t } from "@lingui/core/macro";
import type { Proposal, RejectReason } from "@/client/contract";

/** What a proposal would do to the library. */
export const KIND_NAMES: Record<Proposal["kind"], string> = {
  create: t`new`,
  revise: t`edit`,
  merge: t`merge`,
  retire: t`retire`,
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
