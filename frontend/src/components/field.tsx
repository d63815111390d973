import { clsx } from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

export const FIELD_BOX =
  "rounded-md border border-line2 bg-panel text-sm text-ink placeholder:text-mute aria-invalid:border-bad disabled:opacity-60";

type ControlProps = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

type FieldProps = {
  label: string;
  hint?: ReactNode;
  errors?: string[];
  /** The control beside its label instead of below it, for short values in a narrow form. */
  isBeside?: boolean;
  children: (control: ControlProps) => ReactNode;
};

/** A label, its control, and below it either the error or the hint, tied together for readers. */
export function Field({ label, hint, errors = [], isBeside, children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  const hasError = errors.length > 0;
  return (
    <div
      className={
        isBeside
          ? "grid grid-cols-[minmax(0,1fr)_96px] items-center gap-x-3"
          : "flex min-w-0 flex-col gap-1"
      }
    >
      <label htmlFor={id} className={clsx("text-sm", isBeside || "font-medium")}>
        {label}
      </label>
      {children({
        id,
        ...(hasError && { "aria-invalid": true as const }),
        ...((hasError || hint) && { "aria-describedby": note }),
      })}
      {(hasError || hint) && (
        <p
          id={note}
          className={clsx("text-xs", isBeside && "col-span-2", hasError ? "text-bad" : "text-mute")}
        >
          {hasError ? errors.join(" ") : hint}
        </p>
      )}
    </div>
  );
}

type Sized = { isInline?: boolean };

/** Inline controls stand in a bar beside others; the rest fill the width of a form. */
const size = (isInline?: boolean) => (isInline ? "h-7" : "h-8 w-full");

export function Input({ className, isInline, ...props }: ComponentProps<"input"> & Sized) {
  return <input {...props} className={clsx(FIELD_BOX, size(isInline), "px-2.5", className)} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea {...props} className={clsx(FIELD_BOX, "min-h-20 w-full px-2.5 py-1.5", className)} />
  );
}

export function Select({ className, isInline, ...props }: ComponentProps<"select"> & Sized) {
  return (
    <select
      {...props}
      className={clsx(FIELD_BOX, size(isInline), "select max-w-full pr-7 pl-2.5", className)}
    />
  );
}

type CheckProps = Omit<ComponentProps<"input">, "type"> & { label: ReactNode; hint?: ReactNode };

export function Checkbox({ label, hint, ...props }: CheckProps) {
  return (
    <label className="flex items-start gap-2 text-sm">
      <input type="checkbox" {...props} className="mt-[3px] size-3.5 accent-ink" />
      <span>
        <span className="font-medium">{label}</span>
        {hint && <span className="block text-xs text-mute">{hint}</span>}
      </span>
    </label>
  );
}
