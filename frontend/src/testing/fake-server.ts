import { vi } from "vitest";
import { anOverview, aProgress, aSession, PRESETS } from "./data";
import { aSignedIn } from "./data-account";
import { aDeletion } from "./data-settings";

export type Call = {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  outlivesPage?: boolean | undefined;
};
export type Answer = unknown | ((call: Call) => unknown);

/** An answer that is not a 200. */
export function problem(status: number, body: unknown = {}): Response {
  return new Response(JSON.stringify(body), { status });
}

/** A `results` page without a next one. */
export function page<T>(results: T[], next: string | null = null) {
  return { results, next };
}

/**
 * Answers `fetch` from a table such as `{"GET /t/main/keys/": page([])}`; paths are under /api/v1.
 *
 * Answers may be changed while the test runs; an address that is not in the table is a 404.
 */
export class FakeServer {
  calls: Call[] = [];
  answers: Record<string, Answer>;

  constructor(answers: Record<string, Answer> = {}) {
    this.answers = {
      "GET /session/": aSession(),
      "GET /t/main/overview/": anOverview(),
      "GET /_allauth/browser/v1/auth/sessions": { data: [aSignedIn()] },
      "GET /t/main/annotations/progress/": aProgress(),
      "GET /t/main/presets/": PRESETS,
      "GET /t/main/routes/": page([]),
      "GET /t/main/saved-filters/": page([]),
      "GET /t/main/exports/": page([]),
      "GET /t/main/replays/": page([]),
      "GET /t/main/training/checkpoints/": page([]),
      "GET /t/main/library/composition/": { skills: [], references: [], alone: 0 },
      "GET /t/main/exports/keys/": page([]),
      "GET /t/main/deletion/": aDeletion(),
      ...answers,
    };
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => this.answer(url, init));
  }

  /** What was sent to an address, oldest first. */
  sent(route: string): Call[] {
    return this.calls.filter(({ method, path }) => `${method} ${path}` === route);
  }

  private async answer(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, "http://console.test");
    const method = init.method ?? "GET";
    const path = url.pathname.replace(/^\/api\/v1/, "");
    const body = typeof init.body === "string" ? JSON.parse(init.body) : init.body;
    const call = { method, path, query: url.searchParams, body, outlivesPage: init.keepalive };
    this.calls.push(call);
    const entry = this.answers[`${method} ${path}`];
    const answer = typeof entry === "function" ? entry(call) : entry;
    if (answer === undefined) {
      return problem(404, { code: "not_found", detail: `No answer for ${method} ${path}` });
    }
    // A Response can be read once; the table's one stays whole.
    if (answer instanceof Response) return answer.clone();
    return new Response(JSON.stringify(answer), { status: 200 });
  }
}
