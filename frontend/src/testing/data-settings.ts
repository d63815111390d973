import type { Export, WorkspaceDeletion, WorkspaceSettings } from "@/client/contract";
import { NOW } from "./data";

export function theSettings(change: Partial<WorkspaceSettings> = {}): WorkspaceSettings {
  return {
    name: "Acme",
    slug: "main",
    mode: "skills",
    idle_minutes: 15,
    retention_days: null,
    max_skills: 3,
    skill_token_budget: 1500,
    time_zone: "UTC",
    needs_second_factor: false,
    ...change,
  };
}

export function anExport(change: Partial<Export> = {}): Export {
  return {
    id: "0199f000-0000-7000-8000-00000000e001",
    kind: "turns",
    encoding: "jsonl",
    redaction: "secrets",
    filters: { outcome: "failed" },
    status: "ready",
    reason: "",
    reason_said: [],
    as_of: NOW,
    rows: 1240,
    bytes: 1_440_000,
    sha256: "ab".repeat(32),
    manifest: { redaction: { level: "secrets", found: { github_token: 3, jwt: 1 } } },
    asked_by: "Mira",
    created_at: NOW,
    finished_at: NOW,
    expires_at: "2026-11-27T12:00:00Z",
    ...change,
  };
}

export function aDeletion(change: Partial<WorkspaceDeletion> = {}): WorkspaceDeletion {
  return {
    delete_after: null,
    asked_by: "",
    asked_at: null,
    certificate_id: null,
    grace_hours: 168,
    ...change,
  };
}
