import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Command } from "cmdk";
import {
  Bookmark,
  BookOpen,
  Dumbbell,
  FlaskConical,
  GitPullRequestArrow,
  GraduationCap,
  Layers,
  type LucideIcon,
  MessagesSquare,
} from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Ago } from "@/components/ago";
import { Excerpt } from "@/components/excerpt";
import { useSavedFilters } from "@/features/saved-filters/api/saved-filters";
import { parseSessionFilters } from "@/features/sessions/filters";
import { parseTurnSearch } from "@/features/turns/filters";
import { shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useTypedText } from "@/lib/use-typed-text";
import { PAGES } from "./navigation";
import { type Run, usePaletteHits, usePaletteRuns } from "./palette-hits";

const RUNS: Record<Run["kind"], string> = {
  canary: t`canary`,
  replay: t`replay`,
  job: t`training job`,
  evolver: t`run of the evolver`,
  pattern: t`pattern of failures`,
};

const RUN_ICONS: Record<Run["kind"], LucideIcon> = {
  canary: FlaskConical,
  replay: FlaskConical,
  job: Dumbbell,
  evolver: GraduationCap,
  pattern: Layers,
};

type Props = { isOpen: boolean; onClose: () => void };

export function CommandPalette({ isOpen, onClose }: Props) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/35" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-24px)] max-w-[560px] -translate-x-1/2 overflow-hidden rounded-lg border border-line2 bg-panel shadow-xl outline-none"
        >
          <Dialog.Title className="sr-only">
            <Trans>Search or jump</Trans>
          </Dialog.Title>
          <Palette onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({ onClose }: { onClose: () => void }) {
  const { slug: tenant } = useTenant();
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const [text, type] = useTypedText("", setWords, 150);
  const hits = usePaletteHits(tenant, words);
  const runs = usePaletteRuns(tenant, words);
  const saved = (useSavedFilters(tenant).data ?? [])
    .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
    .slice(0, 5);
  const pages = PAGES.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));

  function go(navigation: Promise<void>) {
    onClose();
    void navigation;
  }

  function openRun({ id, kind, policy }: Run) {
    if (kind === "job" && policy)
      return navigate({
        to: "/t/$tenant/training/$policyId",
        params: { tenant, policyId: policy },
        search: { job: id },
      });
    if (kind === "evolver" || kind === "pattern")
      return navigate({
        to: "/t/$tenant/learning",
        params: { tenant },
        search: kind === "evolver" ? { run: id } : { pattern: id },
      });
    return navigate({
      to: "/t/$tenant/experiments",
      params: { tenant },
      search: kind === "replay" ? { tab: "replays", replay: id } : { canary: id },
    });
  }

  return (
    // The server has searched already; filtering its answers again would hide some.
    <Command shouldFilter={false} label={t`Search or jump`}>
      <Command.Input
        value={text}
        onValueChange={type}
        placeholder={t`A page, a skill, words of a conversation, a turn id…`}
        className="h-11 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-mute"
      />
      <Command.List className="max-h-[52vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-mute">
          {hits.isFetching ? t`Searching…` : t`Nothing found`}
        </Command.Empty>
        {pages.length > 0 && (
          <Group name={t`Pages`}>
            {pages.map(({ name, to, icon }) => (
              <Item
                key={name}
                id={name}
                icon={icon}
                onSelect={() => go(navigate({ to, params: { tenant } }))}
              >
                {name}
              </Item>
            ))}
          </Group>
        )}
        {saved.length > 0 && (
          <Group name={t`Saved filters`}>
            {saved.map(({ id, page, name, search }) => (
              <Item
                key={id}
                id={`filter ${id}`}
                icon={Bookmark}
                note={page === "turns" ? t`turns` : t`sessions`}
                onSelect={() =>
                  go(
                    page === "turns"
                      ? navigate({
                          to: "/t/$tenant/turns",
                          params: { tenant },
                          search: parseTurnSearch(search),
                        })
                      : navigate({
                          to: "/t/$tenant/sessions",
                          params: { tenant },
                          search: parseSessionFilters(search),
                        }),
                  )
                }
              >
                {name}
              </Item>
            ))}
          </Group>
        )}
        {hits.skills.length > 0 && (
          <Group name={t`Skills`}>
            {hits.skills.map(({ slug, description }) => (
              <Item
                key={slug}
                id={`skill ${slug}`}
                icon={BookOpen}
                note={description}
                onSelect={() =>
                  go(
                    navigate({
                      to: "/t/$tenant/skills/$skillSlug",
                      params: { tenant, skillSlug: slug },
                    }),
                  )
                }
              >
                {slug}
              </Item>
            ))}
          </Group>
        )}
        {hits.proposals.length > 0 && (
          <Group name={t`Waiting for review`}>
            {hits.proposals.map(({ id, slug, description }) => (
              <Item
                key={id}
                id={`proposal ${id}`}
                icon={GitPullRequestArrow}
                note={description}
                onSelect={() =>
                  go(
                    navigate({
                      to: "/t/$tenant/review/$proposalId",
                      params: { tenant, proposalId: id },
                    }),
                  )
                }
              >
                {slug}
              </Item>
            ))}
          </Group>
        )}
        {runs.length > 0 && (
          <Group name={t`Learning, experiments and training`}>
            {runs.map((run) => (
              <Item
                key={run.id}
                id={`run ${run.id}`}
                icon={RUN_ICONS[run.kind]}
                note={
                  <>
                    {RUNS[run.kind]} {shortId(run.id)}, <Ago at={run.created_at} />
                  </>
                }
                onSelect={() => go(openRun(run))}
              >
                {run.name}
              </Item>
            ))}
          </Group>
        )}
        {hits.turns.length > 0 && (
          <Group name={t`Turns`}>
            {hits.turns.map(({ id, preview, excerpt }) => (
              <Item
                key={id}
                id={`turn ${id}`}
                icon={MessagesSquare}
                note={shortId(id)}
                isQuoted
                onSelect={() =>
                  go(navigate({ to: "/t/$tenant/turns/$turnId", params: { tenant, turnId: id } }))
                }
              >
                {excerpt.length > 0 ? <Excerpt parts={excerpt} /> : preview || t`no text`}
              </Item>
            ))}
          </Group>
        )}
      </Command.List>
    </Command>
  );
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={name}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-mute"
    >
      {children}
    </Command.Group>
  );
}

type ItemProps = {
  id: string;
  icon: LucideIcon;
  note?: ReactNode;
  /** A piece of a text instead of a name. */
  isQuoted?: boolean;
  onSelect: () => void;
  children: ReactNode;
};

function Item({ id, icon: Icon, note, isQuoted, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={id}
      onSelect={onSelect}
      className="flex h-8 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-sunk"
    >
      <Icon className="size-4 shrink-0 text-mute" aria-hidden />
      {/* A name is read whole before what is said about it; a quotation gives way to its id. */}
      <span className={isQuoted ? "min-w-0 truncate" : "max-w-[60%] shrink-0 truncate"}>
        {children}
      </span>
      {note && (
        <span className={clsx("ml-auto text-xs text-mute", isQuoted ? "shrink-0" : "truncate")}>
          {note}
        </span>
      )}
    </Command.Item>
  );
}
