/** What Google sends somebody back with: a code for a consent, or why there is none. */
export type Consent = { state?: string; code?: string; error?: string };

export function parseConsent(search: Record<string, unknown>): Consent {
  return Object.fromEntries(
    ["state", "code", "error"].flatMap((name) =>
      typeof search[name] === "string" ? [[name, search[name]]] : [],
    ),
  );
}

/** A state begins with the workspace it is for; the server checks the rest of it. */
export function workspaceOf({ state = "" }: Consent): string | null {
  const [slug] = state.split(".");
  return slug && /^[\w-]+$/.test(slug) ? slug : null;
}
