import { CopyButton } from "./copy-button";

/** A new key, in the only moment in which it can be read. */
export function SecretOnce({ secret }: { secret: string }) {
  return (
    <div className="rounded-md border border-accent/40 bg-accent-soft p-3">
      <p className="mb-2 text-sm font-medium text-accent">
        Copy this key now. It is shown only once.
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <code
          data-testid="secret"
          className="min-w-0 flex-1 rounded border border-line2 bg-panel px-2 py-1 font-mono text-xs break-all"
        >
          {secret}
        </code>
        <CopyButton text={secret} label="Copy key" />
      </div>
    </div>
  );
}
