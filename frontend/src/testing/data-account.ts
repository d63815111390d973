import { vi } from "vitest";
import type { Account, Passkey, SignInMethods } from "@/client/contract";

const THEN = "2026-11-20T08:00:00Z";

export function anAccount(methods: Partial<SignInMethods> = {}, about: Partial<Account> = {}) {
  return {
    email: "mira@example.com",
    name: "Mira",
    company: null,
    ...about,
    methods: {
      has_password: true,
      app_since: null,
      app_used_at: null,
      recovery_codes_left: 0,
      passkeys: [],
      company_accounts: [],
      ...methods,
    },
  } satisfies Account;
}

export function aPasskey(about: Partial<Passkey> = {}): Passkey {
  return { id: 1, name: "Laptop", created_at: THEN, last_used_at: null, ...about };
}

/** A browser in which the person is signed in, as allauth's endpoint says it. */
export function aSignedIn(about: object = {}) {
  const at = Date.parse(THEN) / 1000;
  return {
    id: 1,
    user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    ip: "203.0.113.7",
    is_current: true,
    created_at: at,
    last_seen_at: at,
    ...about,
  };
}

export const WITH_APP: Partial<SignInMethods> = { app_since: THEN, recovery_codes_left: 10 };

/** allauth's answer that the first step was right and another is missing. */
export function halfway(...types: string[]) {
  const flows = [{ id: "login" }, { id: "mfa_authenticate", is_pending: true, types }];
  return { status: 401, data: { flows }, meta: { is_authenticated: false } };
}

/** allauth's answer to somebody signed in who has to show again that it is them. */
export const PROVE_IT = {
  status: 401,
  data: { flows: [{ id: "reauthenticate" }] },
  meta: { is_authenticated: true },
};

/** A browser that has a passkey, or that says why it has none. */
export function stubPasskeys(answer: () => Promise<unknown>) {
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("PublicKeyCredential", {
    parseCreationOptionsFromJSON: (options: unknown) => ({ parsed: options }),
    parseRequestOptionsFromJSON: (options: unknown) => ({ parsed: options }),
  });
  const credentials = { create: vi.fn(answer), get: vi.fn(answer) };
  vi.stubGlobal(
    "navigator",
    new Proxy(navigator, {
      get: (at, name) => (name === "credentials" ? credentials : bound(at, name)),
    }),
  );
  return credentials;
}

function bound(target: object, name: string | symbol) {
  const value = Reflect.get(target, name);
  return typeof value === "function" ? value.bind(target) : value;
}
