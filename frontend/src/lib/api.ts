import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import type { Sentence } from "@/client/contract";
import { saidText } from "./said";

/** The one door to the REST API: JSON in and out, the CSRF header, and errors as `ApiError`. */

export type FieldErrors = Record<string, string[]>;

/** What the sign-in endpoints say comes next; `types` are the kinds of second factors. */
export type SignInFlow = { id: string; is_pending?: boolean; types?: string[] };

/** Answers with status 401 that mean "one more step", not "signed out". */
export const NEEDS_SECOND_STEP = "second_step_needed";
export const NEEDS_PROOF = "reauthentication_needed";

export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: FieldErrors = {},
    readonly flows: SignInFlow[] = [],
  ) {
    super(detail);
  }
}

type Options = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON, except FormData, which the browser encodes itself. */
  body?: unknown;
  signal?: AbortSignal;
  /** Goes out even when the page is closed right after. */
  outlivesPage?: boolean;
};

export function api<T>(path: string, options: Options = {}): Promise<T> {
  return request<T>(`/api/v1${path}`, options);
}

/** Calls an address outside `/api/v1`, such as the sign-in endpoints. */
export async function request<T>(url: string, options: Options = {}): Promise<T> {
  const response = await answer(url, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** An answer that is wanted as it is, letter by letter. */
export async function apiText(path: string, options: Options = {}): Promise<string> {
  return (await answer(`/api/v1${path}`, options)).text();
}

async function answer(url: string, options: Options): Promise<Response> {
  const method = options.method ?? "GET";
  const headers = new Headers({ Accept: "application/json", "Accept-Language": i18n.locale });
  if (method !== "GET") headers.set("X-CSRFToken", readCookie("csrftoken"));

  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: encode(options.body, headers),
      credentials: "same-origin",
      signal: options.signal ?? null,
      keepalive: options.outlivesPage ?? false,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "network", t`The console server cannot be reached.`);
  }
  if (!response.ok) throw await toError(response);
  return response;
}

/** Turns `{limit: 50, q: ""}` into `?limit=50`; empty values are left out. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** The sentence to show for anything that was thrown. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return error.detail;
  return t`Something went wrong in the console.`;
}

export function readCookie(name: string): string {
  const prefix = `${name}=`;
  const found = document.cookie.split("; ").find((entry) => entry.startsWith(prefix));
  return found ? decodeURIComponent(found.slice(prefix.length)) : "";
}

function encode(body: unknown, headers: Headers): BodyInit | null {
  if (body === undefined) return null;
  if (body instanceof FormData) return body;
  headers.set("Content-Type", "application/json");
  return JSON.stringify(body);
}

async function toError(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const { code, detail, detail_said, fields, fields_said, flows } = readProblem(body);
  return new ApiError(
    response.status,
    code ?? `http_${response.status}`,
    detail ? saidText(detail, detail_said) : fallbackDetail(response.status),
    told(fields, fields_said),
    flows,
  );
}

type Problem = {
  code?: string;
  detail?: string;
  /** What the detail is made of, where readers of other languages can be told it too. */
  detail_said?: Sentence[];
  fields?: Complaints;
  /** The same tree, with sentences in the places of the texts. */
  fields_said?: Complaints;
  flows?: SignInFlow[];
};

/** Texts by field; those of a list are one level deeper: `{"scopes": {"0": ["…"]}}`. */
type Complaints = Record<string, unknown>;

/** Reads our own error shape, and the list of errors that the sign-in endpoints answer with. */
function readProblem(body: unknown): Problem {
  if (typeof body !== "object" || body === null) return {};
  if ("errors" in body && Array.isArray(body.errors)) return readSignInErrors(body.errors);
  if ("meta" in body) return readSignInStep(body as SignInStep);
  return body as Problem;
}

function told(fields: Complaints = {}, sentences: Complaints = {}): FieldErrors {
  return Object.fromEntries(
    Object.entries(fields).map(([name, texts]) => [name, textsIn(texts, sentences[name])]),
  );
}

function textsIn(texts: unknown, sentences: unknown): string[] {
  if (typeof texts === "string") return [saidText(texts, sentences as Sentence[] | undefined)];
  if (!isTree(texts)) return [];
  const beside = isTree(sentences) ? sentences : {};
  return Object.entries(texts).flatMap(([key, inner]) => textsIn(inner, beside[key]));
}

const isTree = (found: unknown): found is Complaints => typeof found === "object" && found !== null;

function readSignInErrors(errors: { message?: string; param?: string; code?: string }[]): Problem {
  const fields: FieldErrors = {};
  for (const { param, message } of errors) {
    if (param && message) fields[param] = [...(fields[param] ?? []), message];
  }
  return {
    code: errors[0]?.code ?? "invalid",
    detail: errors.find(({ param }) => !param)?.message ?? errors[0]?.message,
    fields,
  };
}

type SignInStep = { meta?: { is_authenticated?: boolean }; data?: { flows?: SignInFlow[] } };

function readSignInStep({ meta, data }: SignInStep): Problem {
  const flows = data?.flows ?? [];
  if (meta?.is_authenticated) {
    return { code: NEEDS_PROOF, detail: t`Show first that it is you.`, flows };
  }
  const isHalfway = flows.some(({ id, is_pending }) => id === "mfa_authenticate" && is_pending);
  return isHalfway ? { code: NEEDS_SECOND_STEP, detail: t`One more step.`, flows } : { flows };
}

function fallbackDetail(status: number): string {
  if (status === 401) return t`You are signed out.`;
  if (status === 403) return t`Your role does not allow this.`;
  if (status === 404) return t`This does not exist, or is not yours to see.`;
  if (status === 413) return t`This is too large.`;
  if (status === 429) return t`Too many tries. Wait a moment.`;
  return t`The console server answered with an error (${status}).`;
}
