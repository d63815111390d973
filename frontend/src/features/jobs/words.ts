import { t } from "@lingui/core/macro";
import type { Tone } from "@/components/tag";
import { words } from "@/lib/format";
import type { JobStatus } from "./filters";

/** What each kind of work does, for people. */
const KINDS: Record<string, string> = {
  "evolution.canary": t`Look at a canary`,
  "evolution.check": t`Check a proposal`,
  "evolution.learn": t`Learn from failures`,
  "evolution.ledger": t`Count what skills are worth`,
  "evolution.replay": t`Replay recorded turns`,
  "exports.delete_workspace": t`Delete the workspace`,
  "exports.export": t`Write an export`,
  "skills.embed": t`Give skills their vectors`,
  "training.advance": t`Train`,
  "training.check_checkpoints": t`Look after checkpoints`,
  "training.delete_checkpoint": t`Delete a checkpoint`,
  "training.fetch_calendar": t`Read a calendar`,
  "training.gate": t`Try a checkpoint at its gate`,
  "training.rollout": t`Play tasks`,
  "training.trial": t`Look at a checkpoint’s trial`,
  "trajectories.index": t`Make turns searchable by words`,
  "trajectories.judge_turn": t`Score a turn`,
  "trajectories.meaning": t`Make turns searchable by meaning`,
  "trajectories.take_scores": t`Take what was said of turns`,
};

export const KIND_NAMES = Object.entries(KINDS);

export const nameOf = (kind: string) => KINDS[kind] ?? words(kind.replace(".", " "));

export const STATUS: Record<JobStatus, { text: string; tone: Tone }> = {
  queued: { text: t`waiting`, tone: "quiet" },
  running: { text: t`running`, tone: "info" },
  done: { text: t`done`, tone: "ok" },
  dead: { text: t`given up`, tone: "bad" },
};
