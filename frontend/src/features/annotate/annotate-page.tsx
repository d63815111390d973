import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ListChecks } from "lucide-react";
import { useState } from "react";
import type { AnnotationDetail } from "@/client/contract";
import { Banner } from "@/components/banner";
import { PaneHeader } from "@/components/page";
import { EmptyState, ErrorState, LoadingBlock } from "@/components/states";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import {
  type AnnotationAnswer,
  useAnnotationActions,
  useAnnotationProgress,
  useNextAnnotation,
} from "./api/annotations";
import { AgreementPanel } from "./components/agreement-panel";
import { AnswerForm } from "./components/answer-form";
import { AskedTurn } from "./components/asked-turn";
import { LastAnswer } from "./components/last-answer";
import { Progress } from "./components/progress";
import { RulesPanel } from "./components/rules-panel";

/** One turn at a time, without what the judge said of it, until nobody waits. */
export function AnnotatePage() {
  const { slug, may } = useTenant();
  const isReviewer = may("reviewer");
  const progress = useAnnotationProgress(slug);
  const next = useNextAnnotation(slug, isReviewer);
  const { answer, skip } = useAnnotationActions(slug);
  const [last, setLast] = useState<AnnotationDetail | null>(null);
  const item = next.data?.item ?? null;
  // Both last until the next turn is there.
  const isBusy = answer.isPending || skip.isPending;
  const problem = answer.error ?? skip.error;

  const say = (given: AnnotationAnswer) => {
    skip.reset();
    answer.mutate(given, { onSuccess: setLast });
  };
  const pass = (id: string) => {
    answer.reset();
    skip.mutate(id);
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PaneHeader>
        <h1 className="text-sm font-semibold">
          <Trans>Annotate</Trans>
        </h1>
        {progress.data && <Progress progress={progress.data} />}
      </PaneHeader>
      <div className="min-h-0 flex-1 overflow-y-auto lg:grid lg:grid-cols-[minmax(0,1fr)_360px] lg:overflow-hidden">
        <section aria-label={t`Turn`} className="bg-panel p-4 lg:overflow-y-auto lg:p-5">
          {!isReviewer && (
            <EmptyState icon={ListChecks} title={t`Reviewers are asked here`}>
              <Trans>Your role may read how far the judge and people agree.</Trans>
            </EmptyState>
          )}
          {isReviewer && next.isPending && <LoadingBlock label={t`Looking for a turn`} />}
          {isReviewer && next.isError && (
            <ErrorState error={next.error} onRetry={() => void next.refetch()} />
          )}
          {next.isSuccess && item && <AskedTurn key={item.id} item={item} />}
          {next.isSuccess && !item && <NothingLeft waiting={next.data.progress.waiting} />}
        </section>
        <aside
          aria-label={t`Answer`}
          className="flex flex-col gap-4 border-line p-4 lg:overflow-y-auto lg:border-l"
        >
          {problem && <Banner tone="warn" title={errorText(problem)} />}
          {item && (
            <AnswerForm
              key={item.id}
              id={item.id}
              answered={item.turn?.response ?? ""}
              isBusy={isBusy}
              onAnswer={say}
              onSkip={() => pass(item.id)}
            />
          )}
          {last && <LastAnswer item={last} />}
          <AgreementPanel />
          <RulesPanel />
        </aside>
      </div>
    </div>
  );
}

function NothingLeft({ waiting }: { waiting: number }) {
  return (
    <EmptyState
      icon={ListChecks}
      title={waiting > 0 ? t`Others look at what is left` : t`Nothing to annotate`}
    >
      {waiting > 0
        ? t`What you skipped, or somebody reads right now, is not asked again.`
        : t`A share of the judged turns comes here by itself, split votes first. A turn’s page puts one here by hand.`}
    </EmptyState>
  );
}
