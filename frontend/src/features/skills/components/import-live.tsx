import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { SkillImport } from "@/client/contract";
import { ImportGroup } from "./import-group";

/** What would go live of a file, and what is here already. */
export function LivePreview({ preview }: { preview: SkillImport }) {
  const { created, revised, unchanged, pack } = preview;
  const count = created.length + revised.length + unchanged.length;
  return (
    <>
      {pack && <AboutPack pack={pack} />}
      {count === 0 && (
        <p>
          <Trans>There is no skill in this file.</Trans>
        </p>
      )}
      <ImportGroup count={created.length} what="new" tone="ok" note={t`live at once`}>
        {created.map(named)}
      </ImportGroup>
      <ImportGroup
        count={revised.length}
        what="revised"
        tone="warn"
        note={t`a new version, live at once`}
      >
        {revised.map(named)}
      </ImportGroup>
      <ImportGroup count={unchanged.length} what="unchanged" tone="quiet" note={t`here already`}>
        {unchanged.map(named)}
      </ImportGroup>
    </>
  );
}

const named = (name: string) => (
  <li key={name} className="truncate">
    {name}
  </li>
);

function AboutPack({ pack }: { pack: NonNullable<SkillImport["pack"]> }) {
  const facts = [pack.author && t`by ${pack.author}`, pack.licence].filter(Boolean).join(", ");
  return (
    <div className="rounded-md border border-line bg-sunk px-3 py-2">
      <p>
        <Trans>
          Pack <span className="font-mono text-xs">{pack.name}</span> {pack.version}
        </Trans>
        {facts && <span className="text-mute"> {facts}</span>}
      </p>
      {pack.requires.length > 0 && (
        <p className="text-mute">
          <Trans>It asks for the packs {pack.requires.join(", ")}.</Trans>
        </p>
      )}
    </div>
  );
}

export function liveButton({ created, revised, pack }: SkillImport) {
  const changes = created.length + revised.length;
  if (changes > 0)
    return {
      text: t`Import ${plural(changes, { one: "# skill", other: "# skills" })}`,
      isUseful: true,
    };
  // A pack that brings nothing new is still noted as installed.
  return pack
    ? { text: t`Install the pack`, isUseful: true }
    : { text: t`Nothing to import`, isUseful: false };
}

export function liveSummary({ created, revised, unchanged }: SkillImport): string {
  const parts = [
    t`${plural(created.length, { one: "# skill", other: "# skills" })} added`,
    t`${revised.length} revised`,
  ];
  if (unchanged.length > 0) parts.push(t`${unchanged.length} unchanged`);
  return parts.join(", ");
}
