import { createContext, useContext } from "react";
import type { Role, SessionTenant } from "@/client/contract";

const RANK: Record<Role, number> = { viewer: 0, member: 1, reviewer: 2, admin: 3, owner: 4 };

const TenantContext = createContext<SessionTenant | null>(null);

export const TenantProvider = TenantContext.Provider;

/** The workspace of the current address. The server decides; a role here only spares a refusal. */
export function useTenant() {
  const tenant = useContext(TenantContext);
  if (!tenant) throw new Error("useTenant outside a workspace page");
  return {
    ...tenant,
    may: (role: Role) => RANK[tenant.role] >= RANK[role],
  };
}

/** Where the days of the workspace begin; null outside of one. */
export const useTenantZone = () => useContext(TenantContext)?.time_zone ?? null;
