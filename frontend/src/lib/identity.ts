import { createContext, useContext } from "react";
import { ApiError, NEEDS_PROOF } from "./api";

/** Asks whoever sits there to show that it is them, and says why; tells whether they did. */
export type AskForProof = (why?: string) => Promise<boolean>;

const ProofContext = createContext<AskForProof | null>(null);

export const ProofProvider = ProofContext.Provider;

/** What a refused proof is called: nothing went wrong, and nothing is to be said. */
const GIVEN_UP = "given_up";

export const wasGivenUp = (error: unknown) => error instanceof ApiError && error.code === GIVEN_UP;

export function useProof() {
  const ask = useContext(ProofContext);
  if (!ask) throw new Error("useProof outside the console");

  /** Does it; where the server wants to know first that it is you, asks and does it again. */
  async function withProof<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiError && error.code === NEEDS_PROOF)) throw error;
      if (!(await ask?.())) throw new ApiError(0, GIVEN_UP, error.detail);
      return act();
    }
  }

  return { ask, withProof };
}
