import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ScrollText } from "lucide-react";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmptyState } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { AuditLog } from "./components/audit-log";
import type { AuditFilters } from "./filters";

type Props = { filters: AuditFilters; onFilters: (filters: AuditFilters) => void };

export function AuditPage({ filters, onFilters }: Props) {
  const { may } = useTenant();
  const title = t`Audit`;
  const note = t`Who did what here; nothing of it can be changed or removed`;
  if (may("admin")) return <AuditLog {...{ title, note, filters, onFilters }} />;
  return (
    <Page title={title} note={note}>
      <Panel>
        <EmptyState icon={ScrollText} title={t`Admins and above read the audit log`}>
          <Trans>
            It names people, keys and what they did. Ask an admin if you miss something.
          </Trans>
        </EmptyState>
      </Panel>
    </Page>
  );
}
