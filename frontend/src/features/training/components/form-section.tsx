import type { ReactNode } from "react";

type Props = { title: string; note?: string; children: ReactNode };

export function FormSection({ title, note, children }: Props) {
  return (
    <fieldset className="border-t border-line pt-3">
      <legend className="sr-only">{title}</legend>
      <p aria-hidden className="text-sm font-semibold">
        {title}
      </p>
      {note && <p className="text-xs text-mute">{note}</p>}
      <div className="mt-2 flex flex-col gap-2.5">{children}</div>
    </fieldset>
  );
}
