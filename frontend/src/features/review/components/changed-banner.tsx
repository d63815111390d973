import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";

export function ChangedBanner({ onReload }: { onReload: () => void }) {
  return (
    <div className="border-b border-line p-2.5">
      <Banner
        tone="warn"
        title={t`This text changed while you were reading. Reload to see the new one.`}
        action={
          <Button onClick={onReload}>
            <Trans>Reload</Trans>
          </Button>
        }
      />
    </div>
  );
}
