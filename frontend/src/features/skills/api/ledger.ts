import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import type { LedgerLine, Page } from "@/client/contract";
import { api } from "@/lib/api";

// An address has room for so many names.
const AT_ONCE = 50;

const ledgerKeys = {
  all: (tenant: string) => [tenant, "skills.skill", "ledger"] as const,
  some: (tenant: string, slugs: string[]) => [...ledgerKeys.all(tenant), slugs] as const,
  one: (tenant: string, slug: string) => [...ledgerKeys.all(tenant), "one", slug] as const,
};

/** The lines of the live versions of these skills; what is on trial where nothing is live. */
export function useLedger(tenant: string, slugs: string[]): Map<string, LedgerLine> {
  const parts: string[][] = [];
  for (let from = 0; from < slugs.length; from += AT_ONCE) {
    parts.push(slugs.slice(from, from + AT_ONCE));
  }
  return useQueries({
    queries: parts.map((part) => ({
      queryKey: ledgerKeys.some(tenant, part),
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        const search = new URLSearchParams([...part.map((one) => ["slug", one]), ["limit", "200"]]);
        return api<Page<LedgerLine>>(`/t/${tenant}/skills/ledger/?${search}`, { signal });
      },
      placeholderData: keepPreviousData,
    })),
    combine: (found) => bySlug(found.flatMap(({ data }) => data?.results ?? [])),
  });
}

function bySlug(lines: LedgerLine[]): Map<string, LedgerLine> {
  const found = new Map<string, LedgerLine>();
  for (const line of lines) {
    if (line.state === "live" || !found.has(line.slug)) found.set(line.slug, line);
  }
  return found;
}

/** Every version of a skill, the newest first. */
export const useSkillLedger = (tenant: string, slug: string) =>
  useQuery({
    queryKey: ledgerKeys.one(tenant, slug),
    queryFn: ({ signal }) =>
      api<Page<LedgerLine>>(`/t/${tenant}/skills/${slug}/ledger/?limit=50`, { signal }),
    select: (page) => page.results,
  });
