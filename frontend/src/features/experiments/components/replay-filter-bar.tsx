import { t } from "@lingui/core/macro";
import { FilterSelect } from "@/components/filter-select";
import {
  parseReplayFilters,
  REPLAY_STATUSES,
  REPLAY_VERDICTS,
  type ReplayFilters,
} from "../search";

const STATUS = {
  running: t`running`,
  done: t`done`,
  cancelled: t`stopped`,
  failed: t`could not be tried`,
};
const VERDICT = { lift: t`it helps`, no_lift: t`no measurable lift`, harm: t`it does harm` };

type Props = { filters: ReplayFilters; onFilters: (filters: ReplayFilters) => void };

export function ReplayFilterBar({ filters, onFilters }: Props) {
  const set = (name: keyof ReplayFilters, value: string) =>
    onFilters(parseReplayFilters({ ...filters, [name]: value }));
  return (
    <search aria-label={t`Filter replays`} className="mb-3 flex flex-wrap items-center gap-2">
      <FilterSelect
        label={t`Verdict`}
        any={t`Verdict: any`}
        value={filters.verdict}
        options={REPLAY_VERDICTS.map((verdict) => [verdict, VERDICT[verdict]])}
        onChange={(value) => set("verdict", value)}
      />
      <FilterSelect
        label={t`Status`}
        any={t`Status: any`}
        value={filters.status}
        options={REPLAY_STATUSES.map((status) => [status, STATUS[status]])}
        onChange={(value) => set("status", value)}
      />
    </search>
  );
}
