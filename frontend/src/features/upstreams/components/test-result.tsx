import { plural, t } from "@lingui/core/macro";
import { Check, X } from "lucide-react";
import type { UpstreamTest } from "@/client/contract";
import { formatMs } from "@/lib/format";
import { saidText } from "@/lib/said";

export function TestResult({ result }: { result: UpstreamTest }) {
  const Icon = result.ok ? Check : X;
  const facts = [
    // 0: no answer came at all.
    !!result.http_status && t`HTTP ${result.http_status}`,
    result.latency_ms !== null && formatMs(result.latency_ms),
  ].filter(Boolean);
  return (
    <div role="status" className="border-t border-line px-3.5 py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <Icon className={`size-3.5 ${result.ok ? "text-ok" : "text-bad"}`} aria-hidden />
        <span className={result.ok ? "text-ok" : "text-bad"}>
          {result.ok ? t`It answers` : t`It does not work yet`}
        </span>
        <span className="text-mute">{facts.join(", ")}</span>
      </p>
      {result.detail && (
        <p className="mt-1 break-words text-mute">{saidText(result.detail, result.detail_said)}</p>
      )}
      {result.models.length > 0 && (
        <details className="mt-1">
          <summary className="w-fit cursor-pointer text-xs text-mute hover:text-ink">
            {plural(result.models.length, { one: "# model", other: "# models" })}
          </summary>
          <p className="mt-1 max-h-40 overflow-y-auto font-mono text-xs break-words">
            {result.models.join(", ")}
          </p>
        </details>
      )}
    </div>
  );
}
