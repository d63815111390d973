import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ProposalImport, SkillImport } from "@/client/contract";
import { api } from "@/lib/api";
import { useForgetSkills } from "./skills";

/** What would become of a file in each of the ways it may go; null is a way the role has not. */
export type Rehearsal = {
  live: Tried<SkillImport> | null;
  proposals: Tried<ProposalImport>;
};

export type Tried<T> = { result: T; error: null } | { result: null; error: Error };

/** Tries a file in every way that is open, and changes nothing. */
export const useRehearseImport = (tenant: string, mayLive: boolean) =>
  useMutation({
    mutationFn: async (file: File): Promise<Rehearsal> => {
      const [live, proposals] = await Promise.all([
        mayLive ? tried(sendLive(tenant, file, true)) : null,
        tried(sendProposals(tenant, file, true)),
      ]);
      // A file that is of no use in any way: what keeps it from going live says most.
      if (proposals.error && (live === null || live.error)) throw live?.error ?? proposals.error;
      return { live, proposals };
    },
  });

export function useImportLive(tenant: string) {
  return useMutation({
    mutationFn: (file: File) => sendLive(tenant, file, false),
    onSuccess: useForgetSkills(tenant),
  });
}

export function useImportProposals(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => sendProposals(tenant, file, false),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: [tenant, "evolution.proposal"] });
      void queryClient.invalidateQueries({ queryKey: [tenant, "overview"] });
    },
  });
}

const sendLive = (tenant: string, file: File, isRehearsal: boolean) =>
  api<SkillImport>(`/t/${tenant}/skills/import/`, upload({ file }, isRehearsal));

const sendProposals = (tenant: string, file: File, isRehearsal: boolean) =>
  // The name is shown as the author.
  api<ProposalImport>(
    `/t/${tenant}/proposals/import/`,
    upload({ file, name: file.name.slice(0, 80) }, isRehearsal),
  );

function upload(fields: Record<string, string | File>, isRehearsal: boolean) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (isRehearsal) body.set("dry_run", "true");
  return { method: "POST" as const, body };
}

async function tried<T>(answer: Promise<T>): Promise<Tried<T>> {
  try {
    return { result: await answer, error: null };
  } catch (error) {
    return { result: null, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
