import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Download, Plus } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { ErrorState, LoadingRows } from "@/components/states";
import { TabList, TabPanel, Tabs } from "@/components/tabs";
import { useTenant } from "@/lib/tenant";
import { exportUrl, useSkills } from "./api/skills";
import { CompositionView } from "./components/composition-view";
import { ImportArea } from "./components/import-area";
import { NoSkills } from "./components/no-skills";
import { SkillFilterBar } from "./components/skill-filter-bar";
import { SkillTable } from "./components/skill-table";
import type { SkillFilters, SkillView } from "./filters";

type Props = {
  view: SkillView;
  onView: (view: SkillView) => void;
  filters: SkillFilters;
  onFilters: (filters: SkillFilters) => void;
};

const VIEWS: { value: SkillView; label: string }[] = [
  { value: "list", label: t`List` },
  { value: "composition", label: t`Composition` },
];

export function SkillsPage({ view, onView, filters, onFilters }: Props) {
  const { slug, may } = useTenant();
  const skills = useSkills(slug, filters);
  const count = skills.data?.length ?? 0;

  return (
    <ImportArea isDisabled={!may("reviewer")}>
      {(importButton) => (
        <Tabs value={view} onChange={onView} className="flex min-h-0 flex-1 flex-col">
          <Page
            title={t`Skills`}
            note={
              view === "list" &&
              skills.isSuccess &&
              `${plural(count, { one: "# skill", other: "# skills" })}${skills.hasNextPage ? " loaded" : ""}`
            }
            actions={
              <>
                <TabList label={t`View`} tabs={VIEWS} />
                <a href={exportUrl(slug)} download className={buttonClass()}>
                  <Download aria-hidden />
                  <Trans>Export</Trans>
                </a>
                {importButton}
                <Link
                  to="/t/$tenant/skills/new"
                  params={{ tenant: slug }}
                  className={buttonClass({ variant: "primary" })}
                >
                  <Plus aria-hidden />
                  <Trans>New skill</Trans>
                </Link>
              </>
            }
          >
            <TabPanel value="list">
              <SkillFilterBar filters={filters} onChange={onFilters} />
              <Panel>
                {skills.isPending && <LoadingRows rows={10} label={t`Loading skills`} />}
                {skills.isError && (
                  <ErrorState error={skills.error} onRetry={() => void skills.refetch()} />
                )}
                {skills.isSuccess &&
                  (count > 0 ? (
                    <SkillTable skills={skills.data} />
                  ) : (
                    <NoSkills filters={filters} onClear={() => onFilters({})} />
                  ))}
              </Panel>
              {skills.hasNextPage && (
                <div className="mt-3 text-center">
                  <Button
                    isBusy={skills.isFetchingNextPage}
                    onClick={() => void skills.fetchNextPage()}
                  >
                    <Trans>Show more</Trans>
                  </Button>
                </div>
              )}
            </TabPanel>
            <TabPanel value="composition">
              <CompositionView />
            </TabPanel>
          </Page>
        </Tabs>
      )}
    </ImportArea>
  );
}
