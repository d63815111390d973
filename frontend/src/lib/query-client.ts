import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, NEEDS_PROOF, NEEDS_SECOND_STEP } from "@/lib/api";
import { askAgainAfter } from "@/lib/live";

/** One cache for the whole console. `onSignedOut` runs whenever the server says nobody is signed in. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 401 && !isOneStepAway(error)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      // A wrong password is a 400, so a 401 of a mutation means the session has ended too.
      onError,
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchInterval: () => askAgainAfter(false),
        retryDelay: (failures) => 400 * 2 ** failures,
        retry: (failures, error) => isPassing(error) && failures < 2,
      },
    },
  });
}

/** Only what may go away by itself is tried again: no answer, or a server in trouble. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

function isOneStepAway({ code }: ApiError): boolean {
  return code === NEEDS_PROOF || code === NEEDS_SECOND_STEP;
}
