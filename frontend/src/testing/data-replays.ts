import type { Replay, ReplayComparison, ReplayDetail } from "@/client/contract";
import { aProposalDetail } from "./data";

export function aReplay(change: Partial<Replay> = {}): Replay {
  const control = {
    pairs: 4,
    wins: 0,
    ties: 4,
    losses: 0,
    without: 1,
    with_skill: 1,
    lift: 0,
    low: 0,
    high: 0,
    p_helps: 1,
    p_harms: 1,
  };
  const failing = { ...control, wins: 4, ties: 0, lift: 2, low: 1.5, high: 2, p_helps: 0.0625 };
  return {
    id: "r1",
    slug: "refund-policy",
    version: null,
    proposal_id: "p1",
    turn_id: null,
    sha256: aProposalDetail().sha256,
    status: "done",
    reason: "",
    reason_said: [],
    verdict: "no_lift",
    result: {
      groups: { evidence: failing, failing, control },
      extra_tokens: 41.2,
      extra_micros: 62,
      skipped: 1,
    },
    samples: 2,
    token_budget: 300_000,
    tokens_used: 12_345,
    cost_micros: 18_500,
    is_simulated: false,
    started_by: "Ada",
    created_at: "2026-03-10T09:00:00Z",
    finished_at: "2026-03-10T09:01:00Z",
    case_count: 9,
    done_count: 9,
    ...change,
  };
}

type Sample = ReplayDetail["cases"][number]["without"][number];

export function aReplaySample(change: Partial<Sample> = {}): Sample {
  return {
    text: "It ships on 3/10.",
    vote: -1,
    rationale: "The date can be read two ways.",
    input_tokens: 40,
    output_tokens: 9,
    cost_micros: 12,
    ...change,
  };
}

/** One turn, asked again with version 2 of a skill and without it. */
export function aTurnReplay(change: Partial<ReplayDetail> = {}): ReplayDetail {
  const chosen: ReplayComparison = {
    pairs: 1,
    wins: 1,
    ties: 0,
    losses: 0,
    without: -1,
    with_skill: 1,
    lift: 2,
    low: 2,
    high: 2,
    p_helps: 0.5,
    p_harms: 1,
  };
  return {
    ...aReplay(),
    id: "r9",
    version: 2,
    proposal_id: null,
    turn_id: "t1",
    verdict: "",
    result: { groups: { chosen }, extra_tokens: 21, extra_micros: 30, skipped: 0 },
    case_count: 1,
    done_count: 1,
    cases: [
      {
        turn_id: "t1",
        group: "chosen",
        status: "done",
        reason: "",
        reason_said: [],
        without: [aReplaySample()],
        with_skill: [
          aReplaySample({
            text: "It ships on 2026-03-10.",
            vote: 1,
            rationale: "One reading only.",
            input_tokens: 61,
          }),
        ],
      },
    ],
    ...change,
  };
}
