import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Calendar, CalendarInput, Page } from "@/client/contract";
import { api } from "@/lib/api";
import { type Consent, workspaceOf } from "../consent";

const calendarsKey = (tenant: string) => [tenant, "training.calendar"] as const;

export const useCalendars = (tenant: string) =>
  useQuery({
    queryKey: calendarsKey(tenant),
    queryFn: ({ signal }) => api<Page<Calendar>>(`/t/${tenant}/training/calendars/`, { signal }),
    select: (page) => page.results,
  });

export function useCalendarActions(tenant: string) {
  const queryClient = useQueryClient();
  const path = `/t/${tenant}/training/calendars/`;
  const onSuccess = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: calendarsKey(tenant) }),
      queryClient.invalidateQueries({ queryKey: [tenant, "training.window"] }),
    ]);
  const connect = useMutation({
    mutationFn: (input: CalendarInput) => api<Calendar>(path, { method: "POST", body: input }),
    onSuccess,
  });
  const check = useMutation({
    mutationFn: (id: string) => api<Calendar>(`${path}${id}/check/`, { method: "POST", body: {} }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: string) => api<void>(`${path}${id}/`, { method: "DELETE" }),
    onSuccess,
  });
  /** Leads to Google, where somebody says that we may read when they are busy. */
  const google = useMutation({
    mutationFn: (again: { calendar_id?: string }) =>
      api<{ url: string }>(`${path}google/`, { method: "POST", body: again }),
  });
  return { connect, check, remove, google };
}

/** Hands in what Google sent somebody back with. A code serves once, so it is sent once. */
export const useConsent = (consent: Consent) =>
  useQuery({
    queryKey: ["calendar-consent", consent.state],
    queryFn: () =>
      api<Calendar>(`/t/${workspaceOf(consent)}/training/calendars/google/finish/`, {
        method: "POST",
        body: { state: consent.state, code: consent.code },
      }),
    enabled: Boolean(workspaceOf(consent) && consent.code && !consent.error),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
