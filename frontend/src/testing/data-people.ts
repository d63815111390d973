import type {
  AuditEvent,
  AuditReport,
  Invitation,
  Member,
  OpenInvitation,
  Role,
} from "@/client/contract";
import { aSession, NOW } from "./data";

export const as = (role: Role) => ({
  "GET /session/": aSession({
    tenants: [
      { slug: "main", name: "Acme", role, is_simulated: false, is_demo: false, time_zone: "UTC" },
    ],
  }),
});

export function aMember(change: Partial<Member> = {}): Member {
  return {
    id: "m1",
    user_id: "u1",
    name: "Mira",
    email: "mira@example.com",
    role: "owner",
    joined_at: NOW,
    last_sign_in: NOW,
    is_active: true,
    is_you: true,
    ...change,
  };
}

export function anInvitation(change: Partial<Invitation> = {}): Invitation {
  return {
    id: "i1",
    email: "new@example.com",
    role: "reviewer",
    invited_by: "Mira",
    created_at: NOW,
    expires_at: "2999-11-27T12:00:00Z",
    emailed_at: null,
    revoked_at: null,
    ...change,
  };
}

export function anOpenInvitation(change: Partial<OpenInvitation> = {}): OpenInvitation {
  return {
    workspace: "Acme",
    email: "new@example.com",
    role: "reviewer",
    invited_by: "Mira",
    expires_at: "2999-11-27T12:00:00Z",
    has_account: false,
    tenant: null,
    ...change,
  };
}

export function anAuditEvent(change: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: "e1",
    sequence: 7,
    digest: "d".repeat(64),
    at: NOW,
    actor_kind: "user",
    actor_id: "u1",
    actor_label: "Mira",
    action: "key.revoked",
    subject: "support",
    detail: "",
    ...change,
  };
}

export function aReport(change: Partial<AuditReport> = {}): AuditReport {
  return {
    is_intact: true,
    checked: 7,
    sequence: 7,
    digest: "d".repeat(64),
    broken: 0,
    breaks: [],
    ...change,
  };
}
