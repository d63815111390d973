export type SignInSearch = { next?: string; step?: "company"; error?: string };

export function parseSignInSearch(search: Record<string, unknown>): SignInSearch {
  const { next, step, error } = search;
  return {
    ...(typeof next === "string" && isLocal(next) && { next }),
    ...(step === "company" && { step }),
    ...(typeof error === "string" && { error }),
  };
}

/** After signing in only an address of this console is followed. */
function isLocal(address: string): boolean {
  return address.startsWith("/") && !address.startsWith("//") && !address.includes("\\");
}
