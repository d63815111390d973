import { toast } from "sonner";
import type { SkillImport } from "@/client/contract";
import { Banner } from "@/components/banner";
import { Button } from "@/components/button";
import { Dialog, DialogFooter } from "@/components/dialog";
import { Tag, type Tone } from "@/components/tag";
import { errorText } from "@/lib/api";
import { plural } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useImportSkills } from "../api/skills";
import { ImportProblems } from "./import-problems";

type Props = { file: File; preview: SkillImport; onClose: () => void };

/** What would become of a file's skills, skill by skill, before it does. */
export function ImportDialog({ file, preview, onClose }: Props) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="md"
      title={`Import ${file.name}`}
      note="Nothing has changed yet. An import goes in as a whole, or not at all."
    >
      <Preview file={file} preview={preview} onClose={onClose} />
    </Dialog>
  );
}

function Preview({ file, preview, onClose }: Props) {
  const { slug } = useTenant();
  const upload = useImportSkills(slug);
  const { created, revised, unchanged, pack } = preview;
  const changes = created.length + revised.length;
  const count = changes + unchanged.length;
  // A pack that brings nothing new is still noted as installed.
  const isUseful = changes > 0 || pack !== null;

  function confirm() {
    upload.mutate(file, {
      onSuccess: (result) => {
        toast.success(summary(result));
        onClose();
      },
    });
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
      className="flex flex-col gap-3 text-sm"
    >
      {upload.isError && (
        <Banner tone="bad" title={`Nothing was imported. ${errorText(upload.error)}`}>
          <ImportProblems error={upload.error} />
        </Banner>
      )}
      {pack && <AboutPack pack={pack} />}
      {count === 0 && <p>There is no skill in this file.</p>}
      <Group names={created} what="new" tone="ok" note="go live at once" />
      <Group names={revised} what="revised" tone="warn" note="get a new version, live at once" />
      <Group names={unchanged} what="unchanged" tone="quiet" note="are here already" />
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!isUseful} isBusy={upload.isPending}>
          {buttonText(changes, pack !== null)}
        </Button>
      </DialogFooter>
    </form>
  );
}

function AboutPack({ pack }: { pack: NonNullable<SkillImport["pack"]> }) {
  const facts = [pack.author && `by ${pack.author}`, pack.licence].filter(Boolean).join(", ");
  return (
    <div className="rounded-md border border-line bg-sunk px-3 py-2">
      <p>
        Pack <span className="font-mono text-xs">{pack.name}</span> {pack.version}
        {facts && <span className="text-mute"> {facts}</span>}
      </p>
      {pack.requires.length > 0 && (
        <p className="text-mute">It asks for the packs {pack.requires.join(", ")}.</p>
      )}
    </div>
  );
}

type GroupProps = { names: string[]; what: string; tone: Tone; note: string };

function Group({ names, what, tone, note }: GroupProps) {
  if (names.length === 0) return null;
  return (
    <section aria-label={`${names.length} ${what}`}>
      <p className="mb-1 flex items-center gap-2">
        <Tag tone={tone}>
          {names.length} {what}
        </Tag>
        <span className="text-xs text-mute">{note}</span>
      </p>
      <ul
        // Many names scroll by themselves; the keyboard needs a way to do that too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable
        tabIndex={0}
        className="max-h-40 overflow-y-auto rounded-md border border-line px-3 py-1.5 font-mono text-xs leading-relaxed"
      >
        {names.map((name) => (
          <li key={name} className="truncate">
            {name}
          </li>
        ))}
      </ul>
    </section>
  );
}

function buttonText(changes: number, isPack: boolean): string {
  if (changes > 0) return `Import ${plural(changes, "skill")}`;
  return isPack ? "Install the pack" : "Nothing to import";
}

function summary({ created, revised, unchanged }: SkillImport): string {
  const parts = [`${plural(created.length, "skill")} added`, `${revised.length} revised`];
  if (unchanged.length > 0) parts.push(`${unchanged.length} unchanged`);
  return parts.join(", ");
}
