import { t } from "@lingui/core/macro";
import { clsx } from "clsx";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { buttonClass } from "./button";

type Props = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  note?: ReactNode;
  children: ReactNode;
  width?: "sm" | "md";
};

export function Dialog({ isOpen, onClose, title, note, children, width = "sm" }: Props) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/35" />
        <Radix.Content
          {...(!note && { "aria-describedby": undefined })}
          className={clsx(
            "fixed top-[10vh] left-1/2 z-50 flex max-h-[82vh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col rounded-lg border border-line2 bg-panel shadow-xl outline-none",
            width === "sm" ? "max-w-[440px]" : "max-w-[620px]",
          )}
        >
          <header className="flex items-start gap-3 py-3.5 pr-12 pb-1 pl-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {note && (
                <Radix.Description className="mt-0.5 text-sm text-mute">{note}</Radix.Description>
              )}
            </div>
          </header>
          <div className="min-h-0 overflow-y-auto px-4 pt-2 pb-4">{children}</div>
          {/* Last, so that opening the dialog puts the focus on its first field. */}
          <Radix.Close
            aria-label={t`Close`}
            className={clsx(
              buttonClass({ variant: "ghost", isIcon: true }),
              "absolute top-2.5 right-2.5",
            )}
          >
            <X aria-hidden />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function DialogFooter({ children }: { children: ReactNode }) {
  return <footer className="mt-4 flex flex-wrap justify-end gap-2">{children}</footer>;
}
