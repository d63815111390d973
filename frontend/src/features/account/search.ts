/** `from`: the workspace that somebody came from. `error`: how the company's sign-in failed. */
export type AccountSearch = { from?: string; error?: string };

export function parseAccountSearch({ from, error }: Record<string, unknown>): AccountSearch {
  return {
    ...(typeof from === "string" && { from }),
    ...(typeof error === "string" && { error }),
  };
}
