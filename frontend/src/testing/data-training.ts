import type {
  Checkpoint,
  CheckpointStatus,
  Rollout,
  RolloutEpisode,
  TrainingBudget,
  TrainingFunnel,
  TrainingJob,
  TrainingJobDetail,
  TrainingPolicy,
  TrainingStep,
} from "@/client/contract";
import { anUpstream, NOW } from "./data";

export const aTrainer = () =>
  anUpstream({
    id: "up2",
    name: "This machine",
    kind: "tinker",
    base_url: "http://127.0.0.1:30003",
  });

export function aTrainingPolicy(change: Partial<TrainingPolicy> = {}): TrainingPolicy {
  return {
    id: "p1",
    name: "helper",
    agent: "",
    base_model: "local/demo-1",
    rank: 32,
    mode: "auto" as TrainingPolicy["mode"],
    source: "turns" as TrainingPolicy["source"],
    loss: "importance_sampling" as TrainingPolicy["loss"],
    clip_low: null,
    clip_high: null,
    beta: null,
    learning_rate: 0.0001,
    normalisation: "token" as TrainingPolicy["normalisation"],
    groups_per_step: 8,
    group_size: 8,
    steps_per_job: 20,
    max_tokens: 1024,
    temperature: 1,
    teacher_model: "",
    kl_coefficient: 0,
    has_rewards: true,
    token_price_micros: null,
    route_model: "helper",
    fallback_model: "",
    gate_prompts: 24,
    gate_margin: 0.05,
    canary_share: null,
    canary_sessions: 200,
    upstream: "up2",
    teacher: null,
    fallback: null,
    task_set: null,
    upstream_name: "This machine",
    created_at: NOW,
    ...change,
  };
}

export function aTrainingStep(change: Partial<TrainingStep> = {}): TrainingStep {
  return {
    number: 1,
    status: "confirmed" as TrainingStep["status"],
    sends: 1,
    metrics: { reward: 0.25, reward_min: -1, reward_max: 1, kl: 0.002, entropy: 2.5 },
    tokens: 4096,
    cost_micros: null,
    sampled_tokens: 0,
    sampled_micros: null,
    sent_at: NOW,
    confirmed_at: NOW,
    ...change,
  };
}

export function aTrainingJob(change: Partial<TrainingJob> = {}): TrainingJob {
  return {
    id: "j1",
    policy: "p1",
    policy_name: "helper",
    status: "running" as TrainingJob["status"],
    reason: "",
    note: "",
    note_said: [],
    trigger: "window" as TrainingJob["trigger"],
    is_now: false,
    asked_by: "",
    planned_steps: 20,
    done_steps: 2,
    start: null,
    wants_cancel: false,
    wants_pause: false,
    created_at: NOW,
    started_at: NOW,
    ended_at: null,
    ...change,
  };
}

export function aTrainingJobDetail(change: Partial<TrainingJobDetail> = {}): TrainingJobDetail {
  return {
    ...aTrainingJob(),
    steps: [
      aTrainingStep(),
      aTrainingStep({
        number: 2,
        sends: 2,
        metrics: { reward: 0.5, reward_min: -1, reward_max: 1, kl: 0.004, entropy: 2.25 },
      }),
      aTrainingStep({
        number: 3,
        status: "sent" as TrainingStep["status"],
        metrics: {},
        confirmed_at: null,
      }),
    ],
    ...change,
  };
}

export function aTrainingBudget(change: Partial<TrainingBudget> = {}): TrainingBudget {
  return {
    daily_steps: 200,
    daily_tokens: null,
    daily_micros: 5_000_000,
    today: {
      steps: 180,
      tokens: 812_000,
      micros: 1_250_000,
      sampled_tokens: 512_000,
      sampled_micros: 800_000,
      ends_at: "2026-11-21T00:00:00Z",
    },
    ...change,
  };
}

export function aRollout(change: Partial<Rollout> = {}): Rollout {
  return {
    id: "r1",
    policy: "p1",
    policy_name: "helper",
    origin: "rollout" as Rollout["origin"],
    task_set: "s1",
    task_set_name: "letters",
    job: null,
    step: null,
    status: "done" as Rollout["status"],
    groups: 4,
    group_size: 8,
    concurrency: 8,
    checkpoint: "",
    seed: null,
    played: 32,
    failed: 0,
    waiting: 0,
    mean_reward: 0.5,
    tokens: 1000,
    prompt_tokens: 500,
    reason: "",
    note: "",
    note_said: [],
    asked_by: "Mira",
    created_at: NOW,
    started_at: NOW,
    ended_at: NOW,
    ...change,
  };
}

export function anEpisode(change: Partial<RolloutEpisode> = {}): RolloutEpisode {
  return {
    id: "e1",
    task_id: "letters-1",
    member: 0,
    status: "played" as RolloutEpisode["status"],
    group_id: "g1",
    session_id: "5e550000-0000-7000-8000-000000000001",
    turn_ids: ["t1"],
    reward: 1,
    error: "",
    ...change,
  };
}

export function aFunnel(change: Partial<TrainingFunnel> = {}): TrainingFunnel {
  return {
    captured: 1000,
    eligible: 640,
    refused: { unscored: 60, trained: 300 },
    sentences: {
      unscored: "Nobody scored its turn yet, so it has no reward.",
      trained: "It was trained on already; no sample is used twice.",
    },
    sentences_said: {},
    ...change,
  };
}

export function aCheckpoint(change: Partial<Checkpoint> = {}): Checkpoint {
  return {
    id: "k1",
    policy: "p1",
    policy_name: "helper",
    route_model: "helper",
    step: 40,
    status: "passed" as CheckpointStatus,
    note: "",
    note_said: [],
    base_model: "local/demo-1",
    rank: 32,
    generation: 3,
    samples: 512,
    size_bytes: 1_440_000,
    state_path: "tinker://run/weights/40",
    sampler_path: "tinker://run/sampler_weights/40",
    job: "j0",
    started_from: null,
    instead_of: null,
    served_at: null,
    seen_at: null,
    expires_at: null,
    created_at: NOW,
    ...change,
  };
}
