import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Pencil, Trash2, Zap } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Upstream, UpstreamUse } from "@/client/contract";
import { Button } from "@/components/button";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { SimulatedTag } from "@/components/simulated-tag";
import { Switch } from "@/components/switch";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useDeleteUpstream, usePresets, useSaveUpstream, useTestUpstream } from "../api/upstreams";
import { shortTitle, USES } from "../presets";
import { TestResult } from "./test-result";

export function UpstreamCard({ upstream, onEdit }: { upstream: Upstream; onEdit: () => void }) {
  const { slug, may } = useTenant();
  const test = useTestUpstream(slug, upstream.id);
  const preset = usePresets(slug).data?.find(({ kind }) => kind === upstream.kind);
  return (
    <li className="rounded-lg border border-line bg-panel">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2 p-3.5">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-2">
            <span className="text-base font-semibold">{upstream.name}</span>
            {preset && <Tag>{shortTitle(preset.title)}</Tag>}
            {upstream.is_simulated && <SimulatedTag />}
          </p>
          <p className="mt-1 font-mono text-xs break-all text-mute">
            {upstream.base_url || t`built in`}
          </p>
          <p className="mt-0.5 text-sm text-mute">
            {upstream.model ? (
              <Trans>
                model <span className="font-mono text-xs text-ink">{upstream.model}</span>
              </Trans>
            ) : (
              t`the model each request names`
            )}
            {" · "}
            {keyText(upstream)}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button isBusy={test.isPending} disabled={!may("admin")} onClick={() => test.mutate()}>
            <Zap aria-hidden /> {test.isPending ? t`Testing…` : t`Test`}
          </Button>
          <Button disabled={!may("admin")} onClick={onEdit} aria-label={t`Edit ${upstream.name}`}>
            <Pencil aria-hidden />
            <Trans>Edit</Trans>
          </Button>
          <DeleteButton upstream={upstream} />
        </div>
      </div>
      <UseSwitches upstream={upstream} />
      {test.isError && (
        <p role="alert" className="border-t border-line px-3.5 py-2 text-bad">
          {errorText(test.error)}
        </p>
      )}
      {test.isSuccess && <TestResult result={test.data} />}
    </li>
  );
}

function keyText({ kind, has_key, key_last4 }: Upstream): string {
  if (kind === "practice") return t`needs no key`;
  return has_key ? t`key …${key_last4}` : t`no key stored`;
}

function UseSwitches({ upstream }: { upstream: Upstream }) {
  const { slug, may } = useTenant();
  const save = useSaveUpstream(slug, upstream.id);

  function set(use: UpstreamUse, isOn: boolean) {
    const uses = isOn ? [...upstream.uses, use] : upstream.uses.filter((each) => each !== use);
    save.mutate({ uses }, { onError: (error) => toast.error(errorText(error)) });
  }

  return (
    <ul className="flex flex-wrap gap-x-8 gap-y-2 border-t border-line px-3.5 py-2.5">
      {(Object.keys(USES) as UpstreamUse[]).map((use) => (
        <li key={use} className="flex items-center gap-2.5">
          <Switch
            label={`${upstream.name}: ${USES[use].name}`}
            isOn={upstream.uses.includes(use)}
            isDisabled={!may("admin") || save.isPending}
            onChange={(isOn) => set(use, isOn)}
          />
          <span>
            {USES[use].name} <span className="text-xs text-mute">{USES[use].note}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function DeleteButton({ upstream }: { upstream: Upstream }) {
  const { slug, may } = useTenant();
  const [isAsking, setIsAsking] = useState(false);
  const remove = useDeleteUpstream(slug, upstream.id);
  return (
    <>
      <Button
        variant="danger"
        isIcon
        disabled={!may("admin")}
        aria-label={t`Delete ${upstream.name}`}
        onClick={() => setIsAsking(true)}
      >
        <Trash2 aria-hidden />
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t`Delete ${upstream.name}?`}
        action={t`Delete`}
        isBusy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              setIsAsking(false);
              toast(t`${upstream.name} deleted.`);
            },
            onError: (error) => {
              setIsAsking(false);
              toast.error(errorText(error));
            },
          })
        }
      >
        <Trans>Its key is erased. Recorded turns keep its name.</Trans>
      </ConfirmDialog>
    </>
  );
}
