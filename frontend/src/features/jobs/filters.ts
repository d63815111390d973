import type { BackgroundJob } from "@/client/contract";

export type JobStatus = BackgroundJob["status"];
export type JobFilters = { status?: JobStatus; kind?: string };

export const JOB_STATUSES: JobStatus[] = ["dead", "running", "queued", "done"];

/** Reads the address; unknown names and wrong values are dropped rather than refused. */
export function parseJobFilters(search: Record<string, unknown>): JobFilters {
  const status = JOB_STATUSES.find((known) => known === search.status);
  const kind = typeof search.kind === "string" && search.kind;
  return { ...(status && { status }), ...(kind && { kind }) };
}
