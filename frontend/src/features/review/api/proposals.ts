import {
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type {
  Page,
  Proposal,
  ProposalDetail,
  ProposalStatus,
  RejectReason,
} from "@/client/contract";
import { api, query } from "@/lib/api";

export const proposalKeys = {
  all: (tenant: string) => [tenant, "evolution.proposal"] as const,
  list: (tenant: string, status: ProposalStatus) =>
    [...proposalKeys.all(tenant), "list", status] as const,
  one: (tenant: string, id: string) => [...proposalKeys.all(tenant), "one", id] as const,
};

export function useProposals(tenant: string, status: ProposalStatus) {
  return useInfiniteQuery({
    queryKey: proposalKeys.list(tenant, status),
    queryFn: ({ pageParam, signal }) =>
      api<Page<Proposal>>(`/t/${tenant}/proposals/${query({ status, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap((page) => page.results),
  });
}

export const proposalQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: proposalKeys.one(tenant, id),
    queryFn: ({ signal }) => api<ProposalDetail>(`/t/${tenant}/proposals/${id}/`, { signal }),
  });

export const useProposal = (tenant: string, id: string) => useQuery(proposalQuery(tenant, id));

export type Verdict = { reason: RejectReason; comment: string };

/** Decisions name the hash of the text that was read: another text is never approved by mistake. */
export function useProposalActions(tenant: string, id: string, takesOver = false) {
  const taking = takesOver ? { take_over: true } : {};
  const queryClient = useQueryClient();
  const path = `/t/${tenant}/proposals/${id}/`;
  function onSuccess(detail: ProposalDetail) {
    queryClient.setQueryData(proposalKeys.one(tenant, id), detail);
    void queryClient.invalidateQueries({ queryKey: proposalKeys.all(tenant) });
    void queryClient.invalidateQueries({ queryKey: [tenant, "overview"] });
    void queryClient.invalidateQueries({ queryKey: [tenant, "skills.skill"] });
  }
  const approve = useMutation({
    mutationFn: (sha256: string) =>
      api<ProposalDetail>(`${path}approve/`, {
        method: "POST",
        body: { sha256, to: "all", ...taking },
      }),
    onSuccess,
  });
  const reject = useMutation({
    mutationFn: (verdict: Verdict) =>
      api<ProposalDetail>(`${path}reject/`, { method: "POST", body: { ...verdict, ...taking } }),
    onSuccess,
  });
  const quarantine = useMutation({
    mutationFn: (verdict: Verdict) =>
      api<ProposalDetail>(`${path}quarantine/`, {
        method: "POST",
        body: { ...verdict, ...taking },
      }),
    onSuccess,
  });
  const release = useMutation({
    mutationFn: () => api<ProposalDetail>(`${path}release/`, { method: "POST" }),
    onSuccess,
  });
  const edit = useMutation({
    mutationFn: (change: { text: string; sha256: string }) =>
      api<ProposalDetail>(path, { method: "PATCH", body: { ...change, ...taking } }),
    onSuccess,
  });
  return { approve, reject, quarantine, release, edit };
}
