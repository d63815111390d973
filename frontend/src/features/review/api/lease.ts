import type { ProposalDetail } from "@/client/contract";
import { ApiError, api } from "@/lib/api";
import { useBeat } from "@/lib/use-beat";

/** Half of what a lease lasts: one lost renewal does not end it. */
const RENEW_MS = 60_000;

/**
 * Tells the others that this proposal is being read, for as long as it is on the screen.
 *
 * `isFree`: nobody is known to read it. Who found somebody there is next as soon as they are gone.
 */
export function useReviewLease(tenant: string, id: string, isOn: boolean, isFree: boolean) {
  const path = `/t/${tenant}/proposals/${id}/lease/`;
  useBeat({
    isOn,
    everyMs: RENEW_MS,
    isDue: isFree,
    // Somebody else may hold it: the proposal says who, and nothing is to be done here.
    beat: () => void api<ProposalDetail>(path, { method: "POST" }).catch(ignoreRefusal),
    end: () =>
      void api<ProposalDetail>(path, { method: "DELETE", outlivesPage: true }).catch(ignoreRefusal),
  });
}

function ignoreRefusal(error: unknown) {
  if (!(error instanceof ApiError)) throw error;
}
