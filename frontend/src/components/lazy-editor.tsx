import { t } from "@lingui/core/macro";
import { lazy, Suspense } from "react";
import { LoadingBlock } from "./states";

const TextEditor = lazy(() => import("./text-editor"));

type Props = { initial: string; label: string; onChange: (text: string) => void };

/** `initial` and `onChange` must keep their identity while the person types. */
export function LazyEditor(props: Props) {
  return (
    <Suspense fallback={<LoadingBlock label={t`Loading the editor`} />}>
      <TextEditor {...props} />
    </Suspense>
  );
}
