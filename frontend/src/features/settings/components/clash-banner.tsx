import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Banner } from "@/components/banner";

/** `names`: fields that the reader has changed, and somebody else too, while the form was open. */
export function ClashBanner({ names }: { names: string[] }) {
  if (names.length === 0) return null;
  return (
    <Banner tone="warn" title={t`Somebody else has changed this meanwhile: ${names.join(", ")}.`}>
      <Trans>Saving puts yours in place of theirs. Undoing shows theirs.</Trans>
    </Banner>
  );
}
