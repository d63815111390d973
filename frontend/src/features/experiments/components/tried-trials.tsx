import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Tryout } from "@/client/contract";
import { Select } from "@/components/field";
import { Panel } from "@/components/panel";

type Props = {
  trials: Tryout["trials"];
  isOnTrial: boolean;
  onArm: (onTrial: boolean) => void;
};

/** The trials under way, and which of their two kinds of session is imagined. */
export function TriedTrials({ trials, isOnTrial, onArm }: Props) {
  return (
    <Panel
      title={t`On trial`}
      aside={
        <Select
          aria-label={t`The session`}
          isInline
          value={isOnTrial ? "trial" : "live"}
          onChange={({ target }) => onArm(target.value === "trial")}
        >
          <option value="live">
            <Trans>a session that gets what is live</Trans>
          </option>
          <option value="trial">
            <Trans>a session that gets what is on trial</Trans>
          </option>
        </Select>
      }
    >
      <ul className="divide-y divide-line text-sm">
        {trials.map(({ slug, version, share, instead_of, counts }) => (
          <li key={slug} className="px-3.5 py-2">
            <Trans>
              <span className="font-medium">{slug}</span> v{version} in {Math.round(100 * share)} %
              of the sessions, {instead_of === null ? "nothing" : `v${instead_of}`} in the others.{" "}
              <span className="text-mute">
                {counts
                  ? t`It fits this message: the session counts for the trial.`
                  : t`It does not fit this message: the session does not count.`}
              </span>
            </Trans>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
