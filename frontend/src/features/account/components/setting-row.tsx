import type { ReactNode } from "react";

type Props = { title: ReactNode; note?: ReactNode; tag?: ReactNode; children?: ReactNode };

/** One way to sign in: what it is, how it stands, and what can be done about it. */
export function SettingRow({ title, note, tag, children }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          {title}
          {tag}
        </p>
        {note && <p className="text-xs text-mute">{note}</p>}
      </div>
      {children && <div className="flex flex-wrap gap-1.5">{children}</div>}
    </div>
  );
}
