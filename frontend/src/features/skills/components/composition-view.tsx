import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Network } from "lucide-react";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingBlock } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useComposition } from "../api/composition";
import { CompositionGraph } from "./composition-graph";
import { CompositionTable } from "./composition-table";

/** Which skill brings which with it into a prompt: drawn, and as a table. */
export function CompositionView() {
  const { slug } = useTenant();
  const found = useComposition(slug);
  return (
    <Panel>
      {found.isPending && <LoadingBlock label={t`Loading the composition`} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.references.length === 0 && (
        <EmptyState icon={Network} title={t`No skill uses another one`}>
          <Trans>
            Name other skills under “uses” at the top of a skill: their texts then follow its own
            wherever it goes into a prompt, and each is written once.
          </Trans>
        </EmptyState>
      )}
      {found.data && found.data.references.length > 0 && (
        <>
          <CompositionGraph composition={found.data} />
          <CompositionTable composition={found.data} />
        </>
      )}
    </Panel>
  );
}
