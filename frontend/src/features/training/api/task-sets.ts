import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page, TaskSet } from "@/client/contract";
import { api } from "@/lib/api";

const taskSetKey = (tenant: string) => [tenant, "training.rollout", "task-sets"] as const;

export const useTaskSets = (tenant: string) =>
  useQuery({
    queryKey: taskSetKey(tenant),
    queryFn: ({ signal }) =>
      api<Page<TaskSet>>(`/t/${tenant}/training/task-sets/?limit=200`, { signal }),
    select: (page) => page.results,
  });

/** Stores a file of tasks under a name; a file with a broken line is refused whole. */
export function useUploadTasks(tenant: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ name, file }: { name: string; file: File }) => {
      const body = new FormData();
      body.set("name", name);
      body.set("file", file);
      return api<TaskSet>(`/t/${tenant}/training/task-sets/`, { method: "POST", body });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: taskSetKey(tenant) }),
  });
}

export function useDeleteTaskSet(tenant: string, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api<void>(`/t/${tenant}/training/task-sets/${id}/`, { method: "DELETE" }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: taskSetKey(tenant) }),
  });
}
