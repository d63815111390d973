import { t } from "@lingui/core/macro";
import { Dialog } from "@/components/dialog";
import { Kbd } from "@/components/kbd";
import { SHORTCUTS } from "@/lib/hotkeys";
import { PAGES } from "./navigation";

const JUMPS = {
  group: t`Go to`,
  entries: PAGES.flatMap(({ name, jump }) =>
    jump ? [{ keys: ["G", jump.toUpperCase()], does: name }] : [],
  ),
};

export function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t`Keyboard shortcuts`} width="md">
      <div className="gap-x-8 sm:columns-2">
        {[JUMPS, ...SHORTCUTS].map(({ group, entries }) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs text-mute">{group}</h3>
            <dl>
              {entries.map(({ keys, does }) => (
                <div key={does} className="flex h-7 items-center">
                  <dt className="mr-auto">{does}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
