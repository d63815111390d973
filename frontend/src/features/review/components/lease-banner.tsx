import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReviewLease } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";

type Props = { lease: ReviewLease; mayTakeOver: boolean; onTakeOver: () => void };

/** Somebody else reads the proposal: deciding past them takes an admin who says so. */
export function LeaseBanner({ lease, mayTakeOver, onTakeOver }: Props) {
  return (
    <div className="border-b border-line p-2.5">
      <Banner
        title={t`${lease.holder} reads this proposal right now.`}
        action={
          mayTakeOver && (
            <Button onClick={onTakeOver}>
              <Trans>Take over</Trans>
            </Button>
          )
        }
      />
    </div>
  );
}
