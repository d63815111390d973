import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Select } from "@/components/field";
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
      <Select
        isInline
        aria-label={t`Verdict`}
        value={filters.verdict ?? ""}
        onChange={({ target }) => set("verdict", target.value)}
      >
        <option value="">
          <Trans>Verdict: any</Trans>
        </option>
        {REPLAY_VERDICTS.map((verdict) => (
          <option key={verdict} value={verdict}>
            {VERDICT[verdict]}
          </option>
        ))}
      </Select>
      <Select
        isInline
        aria-label={t`Status`}
        value={filters.status ?? ""}
        onChange={({ target }) => set("status", target.value)}
      >
        <option value="">
          <Trans>Status: any</Trans>
        </option>
        {REPLAY_STATUSES.map((status) => (
          <option key={status} value={status}>
            {STATUS[status]}
          </option>
        ))}
      </Select>
    </search>
  );
}
