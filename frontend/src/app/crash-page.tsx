import { t } from "@lingui/core/macro";
import { ErrorState, LoadingBlock } from "@/components/states";

/** The last net: a page that threw while it was drawn. */
export function CrashPage({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <main className="grid min-h-[60dvh] flex-1 place-items-center">
      <title>{t`MetaClaw`}</title>
      <ErrorState error={error} onRetry={reset} />
    </main>
  );
}

export function LoadingPage() {
  return <LoadingBlock label={t`Loading the page`} className="flex-1" />;
}
