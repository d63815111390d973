import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ShieldCheck } from "lucide-react";
import type { AuditBreak, AuditReport } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Panel } from "@/components/panel";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { formatCount } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useVerifyAudit } from "../api/audit";
import { FAULTS } from "../words";

/** As many broken places as anybody reads; the command line names a thousand. */
const MOST = 20;

/** ``latest``: the number of the newest event that the page knows, to say what came since. */
export function ChainPanel({ latest }: { latest: number | undefined }) {
  const { slug } = useTenant();
  const verify = useVerifyAudit(slug);
  const report = verify.data;
  return (
    <Panel className="mb-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3.5 py-3 text-sm">
        <p className="max-w-[72ch] min-w-0 flex-1 basis-80 text-mute" aria-live="polite">
          {verify.isPending ? (
            <Trans>Reading every event and making its digest again…</Trans>
          ) : report ? (
            <Result report={report} at={verify.submittedAt} latest={latest} />
          ) : (
            <Trans>
              Each event carries a digest over itself and the one before: what is changed, missing
              or put in between shows.
            </Trans>
          )}
        </p>
        <Button
          variant="primary"
          className="ml-auto"
          isBusy={verify.isPending}
          onClick={() => verify.mutate()}
        >
          <ShieldCheck aria-hidden />
          <Trans>Verify the chain</Trans>
        </Button>
      </div>
      {verify.isError && (
        <div className="px-3.5 pb-3">
          <Banner tone="bad" title={errorText(verify.error)} />
        </div>
      )}
      {report && !verify.isPending && !report.is_intact && <Breaks report={report} />}
      {report && !verify.isPending && <End report={report} />}
    </Panel>
  );
}

type ResultProps = { report: AuditReport; at: number; latest: number | undefined };

function Result({ report, at, latest }: ResultProps) {
  const since = latest === undefined ? 0 : Math.max(0, latest - report.sequence);
  return (
    <>
      {report.is_intact ? (
        <Tag tone="ok">
          <Trans>intact</Trans>
        </Tag>
      ) : (
        <Tag tone="bad">
          <Trans>broken</Trans>
        </Tag>
      )}{" "}
      <span className="text-ink">
        {plural(report.checked, {
          one: "# event was checked",
          other: "# events were checked",
        })}
        {report.is_intact ? t`, all as they were written.` : brokenText(report.broken)}
      </span>{" "}
      <Ago at={new Date(at).toISOString()} />
      {since > 0 && (
        <>
          {" · "}
          {plural(since, { one: "# event came since", other: "# events came since" })}
        </>
      )}
    </>
  );
}

const brokenText = (broken: number) =>
  t`, ${plural(broken, { one: "# is", other: "# are" })} not what was written.`;

function Breaks({ report }: { report: AuditReport }) {
  const shown = report.breaks.slice(0, MOST);
  const more = report.broken - shown.length;
  return (
    <ul aria-label={t`Broken places`} className="divide-y divide-line border-t border-line text-sm">
      {shown.map((one) => (
        <li key={`${one.fault}-${one.sequence}-${one.id}`} className="px-3.5 py-2">
          <span className="font-medium text-bad">
            {placeOf(one)} {FAULTS[one.fault]}
          </span>
          {one.about && <span className="block text-xs break-words text-mute">{one.about}</span>}
        </li>
      ))}
      {more > 0 && (
        <li className="px-3.5 py-2 text-xs text-mute">
          <Trans>And {formatCount(more)} more; manage.py verify_audit names them.</Trans>
        </li>
      )}
    </ul>
  );
}

const placeOf = ({ sequence, last }: AuditBreak) =>
  last > sequence ? t`Events ${sequence} to ${last}:` : t`Event ${sequence}`;

/** For whoever wants to hold the log against what it was. */
function End({ report }: { report: AuditReport }) {
  const end = `${report.sequence}:${report.digest}`;
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line px-3.5 py-2 text-xs text-mute">
      <span>
        <Trans>End of the log; keep it elsewhere to prove later that it went on from here:</Trans>
      </span>
      <code className="min-w-0 font-mono break-all">{end}</code>
      <CopyButton text={end} label={t`Copy the end of the log`} isIcon variant="ghost" />
    </div>
  );
}
