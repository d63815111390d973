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
      title="On trial"
      aside={
        <Select
          aria-label="The session"
          isInline
          value={isOnTrial ? "trial" : "live"}
          onChange={({ target }) => onArm(target.value === "trial")}
        >
          <option value="live">a session that gets what is live</option>
          <option value="trial">a session that gets what is on trial</option>
        </Select>
      }
    >
      <ul className="divide-y divide-line text-sm">
        {trials.map(({ slug, version, share, instead_of, counts }) => (
          <li key={slug} className="px-3.5 py-2">
            <span className="font-medium">{slug}</span> v{version} in {Math.round(100 * share)} % of
            the sessions, {instead_of === null ? "nothing" : `v${instead_of}`} in the others.{" "}
            <span className="text-mute">
              {counts
                ? "It fits this message: the session counts for the trial."
                : "It does not fit this message: the session does not count."}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
