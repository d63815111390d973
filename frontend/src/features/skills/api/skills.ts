import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type {
  Page,
  Skill,
  SkillDetail,
  SkillReach,
  SkillVersionText,
  Turn,
} from "@/client/contract";
import { api, query } from "@/lib/api";
import type { SkillFilters } from "../filters";

export const skillKeys = {
  all: (tenant: string) => [tenant, "skills.skill"] as const,
  list: (tenant: string, filters: SkillFilters) =>
    [...skillKeys.all(tenant), "list", filters] as const,
  one: (tenant: string, slug: string) => [...skillKeys.all(tenant), "one", slug] as const,
};

export function useSkills(tenant: string, filters: SkillFilters) {
  return useInfiniteQuery({
    queryKey: skillKeys.list(tenant, filters),
    queryFn: ({ pageParam, signal }) => {
      const search = query({ status: "live", ...filters, limit: 100, cursor: pageParam });
      return api<Page<Skill>>(`/t/${tenant}/skills/${search}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.results),
  });
}

export const useSkill = (tenant: string, slug: string) =>
  useQuery({
    queryKey: skillKeys.one(tenant, slug),
    queryFn: ({ signal }) => api<SkillDetail>(`/t/${tenant}/skills/${slug}/`, { signal }),
  });

/** The last turns that carried a skill; under the turns' topic, so that new ones show up. */
export const useTurnsOfSkill = (tenant: string, slug: string) =>
  useQuery({
    queryKey: [tenant, "trajectories.turn", "of-skill", slug],
    queryFn: ({ signal }) =>
      api<Page<Turn>>(`/t/${tenant}/turns/${query({ skill: slug, limit: 10 })}`, { signal }),
    select: (page) => page.results,
  });

/** A stored version never changes, so it lives outside the live topic. */
export const versionQuery = (tenant: string, slug: string, version: number) =>
  queryOptions({
    queryKey: [tenant, "skills.version", slug, version],
    queryFn: ({ signal }) =>
      api<SkillVersionText>(`/t/${tenant}/skills/${slug}/versions/${version}/`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: version > 0,
  });

export function useForgetSkills(tenant: string) {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: skillKeys.all(tenant) });
    void queryClient.invalidateQueries({ queryKey: [tenant, "overview"] });
  };
}

export function useCreateSkill(tenant: string) {
  return useMutation({
    mutationFn: (text: string) =>
      api<SkillDetail>(`/t/${tenant}/skills/`, { method: "POST", body: { text } }),
    onSuccess: useForgetSkills(tenant),
  });
}

export function useSkillActions(tenant: string, slug: string) {
  const onSuccess = useForgetSkills(tenant);
  const path = `/t/${tenant}/skills/${slug}/`;
  const save = useMutation({
    mutationFn: (change: { text: string; sha256: string }) =>
      api<SkillDetail>(path, { method: "PUT", body: change }),
    onSuccess,
  });
  const retire = useMutation({
    mutationFn: () => api<SkillDetail>(`${path}retire/`, { method: "POST" }),
    onSuccess,
  });
  const activate = useMutation({
    mutationFn: (version: number) =>
      api<SkillDetail>(`${path}activate/`, { method: "POST", body: { version } }),
    onSuccess,
  });
  const scope = useMutation({
    mutationFn: (change: { agents: string[]; tags: Record<string, string> }) =>
      api<SkillDetail>(`${path}scope/`, { method: "PATCH", body: change }),
    onSuccess,
  });
  return { save, retire, activate, scope };
}

/** Which turns a skill went into, counted. */
export const useSkillReach = (tenant: string, slug: string) =>
  useQuery({
    queryKey: [tenant, "trajectories.turn", "reach-of-skill", slug],
    queryFn: ({ signal }) => api<SkillReach>(`/t/${tenant}/skills/${slug}/reach/`, { signal }),
  });

export function useKillSkill(tenant: string, slug: string) {
  return useMutation({
    mutationFn: (reason: string) =>
      api<SkillReach>(`/t/${tenant}/skills/${slug}/kill/`, { method: "POST", body: { reason } }),
    onSuccess: useForgetSkills(tenant),
  });
}

export const exportUrl = (tenant: string) => `/api/v1/t/${tenant}/skills/export/`;
