import { queryOptions } from "@tanstack/react-query";
import { ApiError, NEEDS_SECOND_STEP, request } from "@/lib/api";
import { answerWithPasskey, type RequestOptions } from "@/lib/passkeys";

const AUTH = "/_allauth/browser/v1/auth";

/** Of the password that was right, and of whoever is signed in already. */
export type Occasion = "authenticate" | "reauthenticate";

export function sendPassword(credentials: { email: string; password: string }) {
  return request<unknown>(`${AUTH}/login`, { method: "POST", body: credentials });
}

export function proveByPassword(password: string) {
  return request<unknown>(`${AUTH}/reauthenticate`, { method: "POST", body: { password } });
}

/** A code of the authenticator app, or a recovery code. */
export function sendCode(occasion: Occasion, code: string) {
  return request<unknown>(`${AUTH}/2fa/${occasion}`, {
    method: "POST",
    body: { code: code.replace(/\s/g, "") },
  });
}

/** `login`: the passkey says who it is, too. */
export async function sendPasskey(occasion: Occasion | "login") {
  const url = `${AUTH}/webauthn/${occasion}`;
  type Asked = { data: { request_options: RequestOptions } };
  const { data } = await request<Asked>(url);
  const credential = await answerWithPasskey(data.request_options);
  return request<unknown>(url, { method: "POST", body: { credential } });
}

export function signOut() {
  return request<unknown>(`${AUTH}/session`, { method: "DELETE" });
}

/** The kinds of second factors that would do, while a first one was given in this session. */
export const pendingStepQuery = () =>
  queryOptions({
    queryKey: ["session", "pending"],
    queryFn: async ({ signal }): Promise<string[]> => {
      try {
        await request<unknown>(`${AUTH}/session`, { signal });
        return [];
      } catch (error) {
        return kindsOf(error) ?? [];
      }
    },
    gcTime: 0,
    staleTime: 0,
    refetchInterval: false,
  });

/** The kinds that the answer to a right password names; null when it was another answer. */
export function kindsOf(error: unknown): string[] | null {
  if (!(error instanceof ApiError && error.code === NEEDS_SECOND_STEP)) return null;
  return error.flows.find(({ id }) => id === "mfa_authenticate")?.types ?? [];
}

type Config = { data: { socialaccount: { providers: { name: string }[] } } };

/** What the company's sign-in is called; null where there is none. */
export const companyQuery = () =>
  queryOptions({
    queryKey: ["session", "company"],
    queryFn: async ({ signal }) => {
      const { data } = await request<Config>("/_allauth/browser/v1/config", { signal });
      return data.socialaccount.providers[0]?.name ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: false,
  });
