import { t } from "@lingui/core/macro";
import { Panel } from "@/components/panel";
import { ROLE_NAMES } from "@/lib/role-names";
import { useTenant } from "@/lib/tenant";
import { ROLE_HINTS, ROLES } from "../roles";

/** What each role may; the reader's own stands out. */
export function RolesPanel() {
  const { role: own } = useTenant();
  return (
    <Panel title={t`Roles`} className="mt-4">
      <dl className="grid grid-cols-[88px_minmax(0,1fr)] gap-x-4 gap-y-1.5 px-3.5 py-3 text-sm">
        {ROLES.map((role) => (
          <div key={role} className="contents">
            <dt className="font-medium">{ROLE_NAMES[role]}</dt>
            <dd className="text-mute">
              {ROLE_HINTS[role]} {role === own && <strong className="text-ink">{t`You.`}</strong>}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
