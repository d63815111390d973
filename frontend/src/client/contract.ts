/**
 * The names the console uses for the shapes of the REST API.
 *
 * `schema.d.ts` beside this file is generated: `npm run api` writes it again from `../schema.yml`.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

/**
 * As answered: every field is there.
 *
 * The schema calls a field optional when its column has a default, which is true of requests only.
 */
type Answered<T> = T extends (infer Item)[]
  ? Answered<Item>[]
  : T extends object
    ? { [Name in keyof T]-?: Answered<T[Name]> }
    : T;

export type Page<T> = { results: T[]; next: string | null };

export type Session = Answered<Schemas["BrowserSession"]>;
export type SessionTenant = Session["tenants"][number];
export type Role = SessionTenant["role"];

export type Overview = Answered<Schemas["Overview"]>;
export type ActivityEvent = Overview["activity"][number];
export type SeriesPoint = Overview["series"][number];

export type Turn = Answered<Schemas["Turn"]>;
/** A turn in a list, with what was found of it where words were looked for. */
export type ListedTurn = Answered<Schemas["ListedTurn"]>;
export type ExcerptPart = ListedTurn["excerpt"][number];
export type TurnFinding = Answered<Schemas["Finding"]>;
export type TurnDetail = Answered<Schemas["TurnDetail"]>;
/** A conversation on record; `Session` is the browser's own. */
export type RecordedSession = Answered<Schemas["Session"]>;
export type SessionDetail = Answered<Schemas["SessionDetail"]>;
export type SessionTurn = SessionDetail["turns"][number];
export type Outcome = Turn["outcome"];
export type TurnStatus = Turn["status"];
export type Message = TurnDetail["messages"][number];
export type Score = TurnDetail["scores"][number];
export type TimelineStep = TurnDetail["timeline"][number];
export type TimelineStepName = TimelineStep["step"];

export type Proposal = Answered<Schemas["Proposal"]>;
export type ProposalDetail = Answered<Schemas["ProposalDetail"]>;
export type ProposalStatus = Proposal["status"];
export type Replay = Answered<Schemas["Replay"]>;
export type ReplayDetail = Answered<Schemas["ReplayDetail"]>;
export type Canary = Answered<Schemas["Canary"]>;
export type CanaryDetail = Answered<Schemas["CanaryDetail"]>;
export type SkillReach = Answered<Schemas["SkillReach"]>;
export type TurnReplayStart = Partial<Schemas["TurnReplayStartRequest"]>;
export type ReplayComparison = Schemas["ReplayComparison"];

export type LearningPolicy = Answered<Schemas["LearningPolicy"]>;
export type FailureCluster = Answered<Schemas["FailureCluster"]>;
export type SavedFilter = Answered<Schemas["SavedFilter"]>;
export type SavedFilterInput = Schemas["SavedFilterInputRequest"];
export type EvolutionRun = Answered<Schemas["EvolutionRun"]>;
export type EvolutionRunDetail = Answered<Schemas["EvolutionRunDetail"]>;
export type ClusterSample = Answered<Schemas["ClusterSample"]>;
export type EvolverPrecision = Answered<Schemas["EvolverPrecision"]>;

export type AnnotationDetail = Answered<Schemas["AnnotationDetail"]>;
export type AnnotationNext = Answered<Schemas["AnnotationNext"]>;
export type AnnotationProgress = Answered<Schemas["AnnotationProgress"]>;
export type AnnotationPolicy = Answered<Schemas["AnnotationPolicy"]>;
export type Agreement = Answered<Schemas["Agreement"]>;
export type JudgeAgreement = Agreement["judges"][number];
export type Estimate = NonNullable<JudgeAgreement["raw"]>;

export type Check = ProposalDetail["checks"][number];
export type Evidence = ProposalDetail["evidence"][number];
export type Rejection = Schemas["ProposalRejectionRequest"];
export type ReviewPolicy = Answered<Schemas["ReviewPolicy"]>;
export type ReviewLease = NonNullable<ProposalDetail["lease"]>;
export type RejectReason = Rejection["reason"];

export type Skill = Answered<Schemas["Skill"]>;
export type SkillDetail = Answered<Schemas["SkillDetail"]>;
export type TrainedTurn = Schemas["TrainedTurn"];
export type SkillComposition = Schemas["SkillComposition"];
export type SkillSource = Skill["source"];
export type SkillVersion = SkillDetail["versions"][number];
export type SkillVersionText = Answered<Schemas["SkillVersionText"]>;
export type LedgerLine = Answered<Schemas["LedgerLine"]>;
export type BackgroundJob = Schemas["BackgroundJob"];
export type JudgeSpending = Schemas["JudgeSpending"];
export type ProposalImport = Schemas["ProposalImport"];
export type SkillImport = Schemas["SkillImport"];
export type Tryout = Schemas["Tryout"];
export type TryoutAsked = Required<Schemas["TryoutAskedRequest"]>;
export type TriedSkill = Tryout["candidates"][number];

export type ApiKey = Answered<Schemas["ApiKey"]>;
export type CreatedApiKey = Answered<Schemas["CreatedApiKey"]>;
export type NewApiKey = Required<Schemas["NewApiKeyRequest"]>;
export type Scope = ApiKey["scopes"][number];

export type Member = Answered<Schemas["Member"]>;
export type Invitation = Answered<Schemas["Invitation"]>;
export type InvitationWithLink = Answered<Schemas["InvitationWithLink"]>;
/** What the link of an invitation tells. */
export type OpenInvitation = Answered<Schemas["OpenInvitation"]>;
export type AuditEvent = Answered<Schemas["AuditEvent"]>;
export type AuditReport = Answered<Schemas["AuditReport"]>;
export type AuditBreak = AuditReport["breaks"][number];

export type CreatedWorkspace = Schemas["CreatedWorkspace"];

export type UpstreamUse = Schemas["UsesEnum"];
/** The schema knows `uses` as plain strings: they are computed, not a column. */
export type Upstream = Omit<Answered<Schemas["Upstream"]>, "uses"> & { uses: UpstreamUse[] };
export type UpstreamKind = Upstream["kind"];
/** What the form holds. It opens the practice model too, whose kind is shown and never sent. */
export type UpstreamInput = Required<Omit<Schemas["UpstreamInputRequest"], "kind" | "dialects">> & {
  kind: UpstreamKind;
};
export type UpstreamPreset = Schemas["UpstreamPreset"];
export type UpstreamTest = Schemas["UpstreamTest"];

export type Route = Answered<Schemas["Route"]>;
export type RouteTarget = Route["targets"][number];
export type RouteTargetInput = Required<Schemas["RouteTargetInputRequest"]>;
export type RouteInput = Omit<Required<Schemas["RouteInputRequest"]>, "targets"> & {
  targets: RouteTargetInput[];
};

export type Agent = Answered<Schemas["Agent"]>;
export type AgentInput = Required<Schemas["AgentInputRequest"]>;

export type Limit = Answered<Schemas["Limit"]>;
export type LimitNow = Answered<Schemas["LimitNow"]>;
export type LimitInput = Required<Schemas["LimitInputRequest"]>;
export type UsageReport = Answered<Schemas["UsageReport"]>;
export type UsageRow = UsageReport["rows"][number];
export type UsageGroup = UsageReport["by"];

export type Export = Answered<Schemas["Export"]>;
export type ExportRequest = Schemas["ExportRequestRequest"];
export type SigningKey = Schemas["SigningKey"];
export type WorkspaceDeletion = Answered<Schemas["WorkspaceDeletion"]>;

export type WorkspaceSettings = Answered<Schemas["Settings"]>;

export type TestRequestResult = Schemas["TestAnswer"];
export type Demo = Schemas["Demo"];
export type CreatedDemo = Schemas["CreatedDemo"];
export type Arrivals = Answered<Schemas["Arrivals"]>;
export type UnderWay = NonNullable<Arrivals["under_way"]>;
export type RefusedRequest = Arrivals["refused"][number];

export type Windows = Answered<Schemas["Windows"]>;
export type WindowRules = Windows["rules"];
export type WindowSlot = Windows["forecast"][number];
export type WindowBlocked = Windows["blocked"][number];
/** A window that opened; `Windows` is how things stand. */
export type TrainingWindow = Answered<Schemas["Window"]>;
export type Calendar = Answered<Schemas["Calendar"]>;
export type CalendarInput = Required<Schemas["CalendarInputRequest"]>;
export type TrainingPolicy = Answered<Schemas["TrainingPolicy"]>;
export type TrainingPolicyInput = Required<Schemas["TrainingPolicyInputRequest"]>;
export type TrainingPolicyCheck = Schemas["TrainingPolicyCheck"];
export type TrainingJob = Answered<Schemas["TrainingJob"]>;
export type TrainingJobDetail = Answered<Schemas["TrainingJobDetail"]>;
export type TrainingStep = TrainingJobDetail["steps"][number];
export type TrainingJobInput = Schemas["TrainingJobInputRequest"];
export type TrainingBudget = Answered<Schemas["TrainingBudget"]>;
export type TrainingLimits = Omit<TrainingBudget, "today">;
export type TrainingFunnel = Schemas["TrainingFunnel"];
export type Rollout = Answered<Schemas["Rollout"]>;
export type RolloutEpisode = Answered<Schemas["RolloutEpisode"]>;
export type Checkpoint = Answered<Schemas["Checkpoint"]>;
export type CheckpointStatus = Checkpoint["status"];
export type CheckpointTrial = Answered<Schemas["CheckpointTrial"]>;
/** Of a gate that could not be done only `skipped` is known. */
export type GateResult = Schemas["GateResult"];
export type Sentence = Schemas["Sentence"];
export type Gate = Omit<Answered<Schemas["Gate"]>, "result"> & { result: GateResult | null };
export type CheckpointDetail = Omit<Answered<Schemas["CheckpointDetail"]>, "gates"> & {
  gates: Gate[];
};
export type TaskSet = Answered<Schemas["TaskSet"]>;

export type Account = Answered<Schemas["Account"]>;
export type SignInMethods = Account["methods"];
export type Passkey = SignInMethods["passkeys"][number];
export type CompanyAccount = SignInMethods["company_accounts"][number];
export type AuthenticatorAppSecret = Schemas["AuthenticatorAppSecret"];
export type CompanySignIn = Schemas["CompanySignIn"];
