/** Builders of what the API answers; a test sets only what it is about. */
import type {
  AnnotationProgress,
  ApiKey,
  CanaryDetail,
  Check,
  LedgerLine,
  ListedTurn,
  Overview,
  Proposal,
  ProposalDetail,
  ReviewPolicy,
  Route,
  Score,
  Session,
  Skill,
  SkillDetail,
  TurnDetail,
  Upstream,
  UpstreamPreset,
} from "@/client/contract";

export const NOW = "2026-11-20T12:00:00Z";

export function aSession(change: Partial<Session> = {}): Session {
  return {
    user: { id: "u1", email: "mira@example.com", name: "Mira" },
    tenants: [
      {
        slug: "main",
        name: "Acme",
        role: "owner",
        is_simulated: false,
        is_demo: false,
        time_zone: "UTC",
      },
    ],
    creation_refusal: null,
    creation_refusal_said: [],
    shut: [],
    ...change,
  };
}

export function anOverview(change: Partial<Overview> = {}): Overview {
  return {
    gateway_url: "http://127.0.0.1:30000",
    turns: {
      total_24h: 1240,
      failed_24h: 26,
      p50_ms: 640,
      p95_ms: 1840,
      first_at: "2026-11-01T08:00:00Z",
      last_at: NOW,
    },
    series: Array.from({ length: 24 }, (_, i) => ({
      at: new Date(Date.parse(NOW) - (23 - i) * 3_600_000).toISOString(),
      turns: 40 + i,
      passed: 30 + i,
      failed: 4,
    })),
    moments: [],
    outcomes: { passed: 1100, failed: 26, neutral: 60, unscored: 50, error: 4 },
    review: { pending: 2, oldest_at: NOW },
    skills: { live: 44, learned: 3, generation: 12 },
    serving: { upstream: "OpenAI", kind: "openai", model: "gpt-5-mini", is_simulated: false },
    jobs: { queued: 0, running: 0, dead: 0 },
    activity: [
      {
        id: "e1",
        at: NOW,
        actor: "Mira",
        action: "proposal.approved",
        subject: "retry-tool-call",
        detail: "",
      },
    ],
    ...change,
  };
}

export function aTurn(change: Partial<ListedTurn> = {}): ListedTurn {
  return {
    id: "019a2b4c-0000-7000-8000-000000000001",
    session_id: "019a2b4c-1111-7000-8000-000000000001",
    agent: "support-triage",
    kind: "main",
    started_at: NOW,
    finished_at: NOW,
    dialect: "openai",
    is_stream: true,
    model: "gpt-5-mini",
    served_model: "gpt-5-mini",
    upstream: "OpenAI",
    is_simulated: false,
    status: "complete",
    http_status: 200,
    outcome: "passed",
    score: 1,
    reward: 1,
    reward_source: "judge",
    input_tokens: 812,
    output_tokens: 164,
    cache_read_tokens: 640,
    cache_write_tokens: null,
    usage_is_estimated: false,
    first_byte_ms: 310,
    latency_ms: 1240,
    skills: [{ slug: "refund-policy", version: 2, score: 0.82 }],
    preview: "May I return the blue chair?",
    attempts: 1,
    attempt_of: null,
    tags: {},
    excerpt: [],
    ...change,
  };
}

export function aScore(change: Partial<Score> = {}): Score {
  return {
    id: "s",
    kind: "judge",
    value: -1,
    confidence: 1,
    source: "",
    author: "",
    is_own: false,
    comment: "",
    rationale: "No window was named.",
    correction: "",
    judge_model: "gpt-5",
    prompt_version: "judge-v1",
    is_simulated: false,
    saw_follow_up: true,
    created_at: NOW,
    votes: [],
    input_tokens: 900,
    output_tokens: 60,
    cost_micros: 4200,
    ...change,
  };
}

export function aTurnDetail(change: Partial<TurnDetail> = {}): TurnDetail {
  return {
    ...aTurn(),
    parent_id: null,
    session_source: "header",
    external_session_id: "chat-7",
    key_name: "support",
    system: "You are a kind support agent.",
    messages: [{ role: "user", content: "May I return the blue chair?" }],
    new_from: 0,
    response: { role: "assistant", content: "Yes, within 30 days." },
    finish_reason: "stop",
    tools: [],
    injection: {
      text: "Always name the return window.",
      place: "system",
      skills: [{ slug: "refund-policy", version: 2, score: 0.82 }],
      candidates: [],
      break_reason: "",
    },
    scores: [],
    timeline: [
      { step: "received", at: NOW, ms: 0 },
      { step: "authenticated", at: NOW, ms: 1 },
      { step: "skills", at: NOW, ms: 4 },
      { step: "forwarded", at: NOW, ms: 6 },
      { step: "first_byte", at: NOW, ms: 310 },
      { step: "finished", at: NOW, ms: 1240 },
      { step: "recorded", at: NOW, ms: 1460 },
    ],
    error: null,
    provider_dialect: "openai",
    tried: [],
    not_trainable: [],
    ...change,
  };
}

export function aProgress(change: Partial<AnnotationProgress> = {}): AnnotationProgress {
  return {
    waiting: 0,
    open_to_you: 0,
    being_read: 0,
    answered_today: 0,
    answered_by_you_today: 0,
    answered: 0,
    ...change,
  };
}

export function aProposal(change: Partial<Proposal> = {}): Proposal {
  return {
    id: "p1",
    kind: "create",
    slug: "cite-sources",
    category: "research",
    description: "Use when the user asks for facts.",
    status: "pending",
    sha256: "a".repeat(64),
    created_at: NOW,
    decided_at: null,
    evidence_count: 3,
    session_count: 2,
    base_version: null,
    merges: [],
    author_model: "gpt-5",
    run: null,
    reason: "",
    reason_said: [],
    is_simulated: false,
    ...change,
  };
}

export function aCheck(change: Partial<Check> = {}): Check {
  return {
    code: "size",
    level: "ok",
    message: "Small enough",
    message_said: [],
    turn_ids: [],
    similar: [],
    model: "",
    prompt_version: "",
    ...change,
  };
}

export function aReviewPolicy(change: Partial<ReviewPolicy> = {}): ReviewPolicy {
  return {
    approve_role: "reviewer",
    quorum: 1,
    self_approval: "auto",
    reauth_minutes: null,
    auto_approval: "off",
    trusted_tools: [],
    asks_model: false,
    ...change,
  };
}

export function aProposalDetail(change: Partial<ProposalDetail> = {}): ProposalDetail {
  return {
    ...aProposal(),
    text: "---\nname: cite-sources\n---\n\n# Cite sources\n\n1. Name the source.\n",
    base_text: null,
    checks: [aCheck()],
    checked_at: NOW,
    edition: 1,
    may_approve: true,
    approve_blocked_code: null,
    approve_blocked_reason: null,
    approve_blocked_said: [],
    approvals: { needed: 1, missing: 1, by: [] },
    lease: null,
    evidence: [
      {
        turn_id: "019a2b4c-0000-7000-8000-00000000000e",
        session_id: "s1",
        score: -1,
        rationale: "No source was named.",
        user_text: "Who wrote this?",
        response_text: "Somebody.",
        follow_up: "Please cite it.",
        at: NOW,
      },
    ],
    reviews: [],
    may_decide: true,
    blocked_reason: null,
    blocked_said: [],
    tokens: 86,
    ...change,
  };
}

export function aSkill(change: Partial<Skill> = {}): Skill {
  return {
    slug: "refund-policy",
    description: "Use when a customer wants to return something.",
    category: "communication",
    status: "live",
    version: 2,
    source: "evolved",
    reach: "relevant",
    tokens: 120,
    uses_total: 340,
    uses_24h: 12,
    passed: 300,
    failed: 4,
    agents: [],
    tags: {},
    trial: null,
    updated_at: NOW,
    ...change,
  };
}

export function aLedgerLine(change: Partial<LedgerLine> = {}): LedgerLine {
  return {
    slug: "refund-policy",
    version: 2,
    created_at: NOW,
    reach: "relevant",
    state: "live",
    considered: 900,
    injected: 340,
    passed: 300,
    failed: 4,
    lift: null,
    tokens_added: 40_800,
    micros_added: 51_000,
    unpriced: 0,
    last_used_at: NOW,
    evidence_at: NOW,
    factor: 1,
    daily: [0, 3, 9],
    ...change,
  };
}

export function aCanaryDetail(change: Partial<CanaryDetail> = {}): CanaryDetail {
  return {
    id: "c1",
    proposal_id: "p1",
    slug: "refund-policy",
    version: 3,
    instead_of: 2,
    share: 0.5,
    alpha: 0.05,
    sessions_max: 400,
    status: "running",
    reason: "",
    reason_said: [],
    result: {
      reward: {
        pairs: 20,
        difference: 0.18,
        low: -0.06,
        high: 0.41,
        for_better: 6.2,
        for_worse: 1,
      },
      guards: [
        {
          name: "Tokens a turn",
          treated: 812,
          control: 790,
          coins: 1,
          needed: 100,
          is_broken: false,
        },
      ],
      treated: 21,
      control: 22,
    },
    sessions_seen: 50,
    sessions_settled: 43,
    started_by: "Mira",
    created_at: NOW,
    ended_at: null,
    curve: [
      { pairs: 10, difference: 0.1, low: -0.4, high: 0.6 },
      { pairs: 20, difference: 0.18, low: -0.06, high: 0.41 },
    ],
    ...change,
  };
}

export function aSkillDetail(change: Partial<SkillDetail> = {}): SkillDetail {
  return {
    ...aSkill(),
    text: "---\nname: refund-policy\n---\n\n# Refund policy\n\nName the return window.\n",
    sha256: "b".repeat(64),
    versions: [
      {
        version: 1,
        sha256: "c".repeat(64),
        created_at: NOW,
        author: "evolver",
        source: "evolved",
        note: "",
        is_live: false,
      },
      {
        version: 2,
        sha256: "b".repeat(64),
        created_at: NOW,
        author: "Mira",
        source: "written",
        note: "shorter",
        is_live: true,
      },
    ],
    ...change,
  };
}

export function aKey(change: Partial<ApiKey> = {}): ApiKey {
  return {
    id: "k1",
    name: "support",
    public_id: "7fk2",
    last4: "x9Qa",
    scopes: ["gateway"],
    agent: "",
    passes_credentials: false,
    path_allowed: false,
    created_by: "Mira",
    created_at: NOW,
    last_used_at: NOW,
    expires_at: null,
    revoked_at: null,
    rotated_at: null,
    previous_last4: "",
    previous_until: null,
    ...change,
  };
}

export function anUpstream(change: Partial<Upstream> = {}): Upstream {
  return {
    id: "up1",
    name: "OpenAI",
    kind: "openai",
    base_url: "https://api.openai.com/v1",
    dialects: ["openai", "responses"],
    model: "gpt-5-mini",
    has_key: true,
    key_last4: "9fQ2",
    uses: ["serve", "judge", "evolve"],
    is_simulated: false,
    created_at: NOW,
    ...change,
  };
}

export function aRoute(change: Partial<Route> = {}): Route {
  return {
    id: "r1",
    model: "smart-*",
    agent: "",
    targets: [
      { upstream: "up1", upstream_name: "OpenAI", model: "gpt-*", weight: 3 },
      { upstream: "up3", upstream_name: "Ollama", model: "", weight: 0 },
    ],
    first_byte_seconds: null,
    idle_seconds: null,
    is_enabled: true,
    created_at: NOW,
    ...change,
  };
}

export const PRESETS: UpstreamPreset[] = [
  {
    kind: "openai",
    title: "OpenAI, or compatible with it",
    base_url: "https://api.openai.com/v1",
    dialects: ["openai"],
    is_private: false,
    answers_all: true,
    hint: "",
    hint_said: [],
  },
  {
    kind: "anthropic",
    title: "Anthropic, or compatible with it",
    base_url: "https://api.anthropic.com",
    dialects: ["anthropic"],
    is_private: false,
    answers_all: true,
    hint: "",
    hint_said: [],
  },
];
