/** The shapes of the console's REST API and of its live events. Times are ISO 8601, UTC. */

export type Page<T> = { results: T[]; next: string | null };

export type Role = "owner" | "admin" | "reviewer" | "member" | "viewer";

export type SessionUser = { id: string; email: string; name: string };
export type SessionTenant = { slug: string; name: string; role: Role; is_simulated: boolean };
export type Session = { user: SessionUser | null; tenants: SessionTenant[] };

export type ActivityEvent = {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: string;
};

export type SeriesPoint = { at: string; turns: number; passed: number; failed: number };

export type Overview = {
  gateway_url: string;
  turns: {
    total_24h: number;
    failed_24h: number;
    p50_ms: number | null;
    p95_ms: number | null;
    first_at: string | null;
    last_at: string | null;
  };
  series: SeriesPoint[];
  outcomes: Record<Outcome, number>;
  review: { pending: number; oldest_at: string | null };
  skills: { live: number; learned: number; generation: number };
  serving: { upstream: string; kind: UpstreamKind; model: string; is_simulated: boolean } | null;
  jobs: { queued: number; running: number; dead: number };
  activity: ActivityEvent[];
};

export type Outcome = "passed" | "failed" | "neutral" | "unscored" | "error";

export type TurnStatus =
  | "complete"
  | "client_aborted"
  | "truncated_upstream"
  | "truncated_crash"
  | "upstream_error"
  | "rejected";

export type SkillRef = { slug: string; version: number };

export type Turn = {
  id: string;
  session_id: string;
  agent: string;
  kind: "main" | "side";
  started_at: string;
  finished_at: string;
  dialect: "openai" | "anthropic";
  is_stream: boolean;
  model: string;
  served_model: string;
  upstream: string;
  is_simulated: boolean;
  status: TurnStatus;
  http_status: number;
  outcome: Outcome;
  score: -1 | 0 | 1 | null;
  input_tokens: number | null;
  output_tokens: number | null;
  first_byte_ms: number | null;
  latency_ms: number;
  skills: SkillRef[];
  preview: string;
};

export type Message = { role: string; content: unknown; [key: string]: unknown };

export type Vote = { value: -1 | 0 | 1 | null; rationale: string };

export type Score = {
  id: string;
  kind: "judge";
  value: -1 | 0 | 1;
  rationale: string;
  judge_model: string;
  prompt_version: string;
  is_simulated: boolean;
  votes: Vote[];
  created_at: string;
};

export type TimelineStepName =
  | "received"
  | "authenticated"
  | "skills"
  | "forwarded"
  | "first_byte"
  | "finished"
  | "recorded"
  | "scored";

export type TimelineStep = { step: TimelineStepName; at: string; ms: number };

export type Injection = {
  text: string;
  place: "system" | "tail" | "none";
  skills: (SkillRef & { score: number })[];
};

export type TurnDetail = Turn & {
  parent_id: string | null;
  session_source: string;
  key_name: string;
  system: string | null;
  messages: Message[];
  new_from: number;
  response: Message | null;
  finish_reason: string | null;
  tools: string[];
  injection: Injection;
  scores: Score[];
  timeline: TimelineStep[];
  error: { type: string; message: string } | null;
  proposals?: { id: string; slug: string; status: string }[];
};

export type ProposalStatus = "pending" | "approved" | "rejected";
export type RejectReason = "wrong" | "duplicate" | "unsafe" | "vague" | "not_needed" | "other";

export type Proposal = {
  id: string;
  kind: "create" | "revise";
  slug: string;
  category: string;
  description: string;
  status: ProposalStatus;
  sha256: string;
  created_at: string;
  decided_at: string | null;
  evidence_count: number;
  session_count: number;
  base_version: number | null;
  author_model: string;
  is_simulated: boolean;
};

export type Check = { code: string; level: "ok" | "warn" | "fail"; message: string };

export type Evidence = {
  turn_id: string;
  session_id: string;
  score: number | null;
  rationale: string;
  user_text: string;
  response_text: string;
  follow_up: string | null;
  at: string;
};

export type Review = {
  id: string;
  decision: "approved" | "rejected" | "edited";
  reviewer: string;
  reason: string;
  comment: string;
  sha256: string;
  created_at: string;
};

export type ProposalDetail = Proposal & {
  text: string;
  base_text: string | null;
  checks: Check[];
  evidence: Evidence[];
  reviews: Review[];
  may_decide: boolean;
  blocked_reason: string | null;
  tokens: number;
};

export type SkillSource = "bank" | "evolved" | "imported" | "written";

export type Skill = {
  slug: string;
  description: string;
  category: string;
  status: "live" | "retired";
  version: number;
  source: SkillSource;
  reach: "relevant" | "always";
  tokens: number;
  uses_total: number;
  uses_24h: number;
  passed: number;
  failed: number;
  updated_at: string;
};

export type SkillVersion = {
  version: number;
  sha256: string;
  created_at: string;
  author: string;
  source: string;
  note: string;
  is_live: boolean;
};

export type SkillVersionText = {
  version: number;
  text: string;
  sha256: string;
  created_at: string;
  author: string;
  note: string;
};

export type SkillDetail = Skill & {
  text: string;
  sha256: string;
  versions: SkillVersion[];
};

export type SkillImport = { created: string[]; revised: string[]; unchanged: string[] };

export type Scope = "gateway" | "read" | "review" | "admin";

export type ApiKey = {
  id: string;
  name: string;
  public_id: string;
  last4: string;
  scopes: Scope[];
  created_by: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
};

export type NewApiKey = { name: string; scopes: Scope[]; expires_at: string | null };
export type CreatedApiKey = ApiKey & { secret: string };

export type UpstreamKind = "openai" | "anthropic" | "practice";
export type UpstreamUse = "serve" | "judge" | "evolve";

export type Upstream = {
  id: string;
  name: string;
  kind: UpstreamKind;
  base_url: string;
  model: string;
  has_key: boolean;
  key_last4: string;
  uses: UpstreamUse[];
  is_simulated: boolean;
  created_at: string;
};

export type UpstreamInput = {
  name: string;
  kind: UpstreamKind;
  base_url: string;
  api_key?: string;
  model: string;
  uses: UpstreamUse[];
};

export type UpstreamTest = {
  ok: boolean;
  http_status: number | null;
  latency_ms: number | null;
  detail: string;
  models: string[];
};

export type WorkspaceSettings = {
  name: string;
  slug: string;
  mode: "observe" | "skills";
  idle_minutes: number;
  max_skills: number;
  skill_token_budget: number;
};

export type TestRequestResult = { turn_id: string | null; http_status: number; detail: string };

export type Topic =
  | "trajectories.turn"
  | "trajectories.score"
  | "trajectories.session"
  | "evolution.proposal"
  | "skills.skill"
  | "tenants.key"
  | "upstreams.upstream"
  | "tenants.settings"
  | "jobs.job";

/** A live event: what changed, never its content. */
export type Changed = { topic: Topic; id: string; status: string; seq: number };
