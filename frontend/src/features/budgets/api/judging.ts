import { useQuery } from "@tanstack/react-query";
import type { JudgeSpending } from "@/client/contract";
import { api } from "@/lib/api";

/** What judging cost in the latest thirty days of the workspace. */
export const useJudgeSpending = (tenant: string) =>
  useQuery({
    // Outside the topic of scores: a sum over a month need not follow each of them.
    queryKey: [tenant, "usage.judging"] as const,
    queryFn: ({ signal }) => api<JudgeSpending>(`/t/${tenant}/judge-spending/`, { signal }),
  });

export type JudgedDay = JudgeSpending["days"][number];

/** Every day of the span, those on which nothing was judged too. */
export function everyDay({ since, until, days }: JudgeSpending): JudgedDay[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const found: JudgedDay[] = [];
  // In UTC no day is longer than another.
  for (let at = Date.parse(since); at <= Date.parse(until); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    found.push(known.get(day) ?? { ...NOTHING, day });
  }
  return found;
}

const NOTHING = { scores: 0, unpriced: 0, input_tokens: 0, output_tokens: 0, cost_micros: 0 };
