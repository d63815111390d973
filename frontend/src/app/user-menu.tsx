import { i18n } from "@lingui/core";
import { Trans } from "@lingui/react/macro";
import { useRouter } from "@tanstack/react-router";
import { CircleUser, Keyboard, Languages, LogOut } from "lucide-react";
import { toast } from "sonner";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuRule, MenuTrigger } from "@/components/menu";
import { useSession, useSignOut } from "@/features/session/api/session";
import { errorText } from "@/lib/api";
import { chooseLanguage, LANGUAGES, type Language } from "@/lib/locale";
import { useTenant } from "@/lib/tenant";

const OTHERS = (Object.keys(LANGUAGES) as Language[]).filter(
  (language) => language !== i18n.locale,
);

export function UserMenu({ onSheet }: { onSheet: () => void }) {
  const router = useRouter();
  const { user } = useSession();
  const signOut = useSignOut(() => router.navigate({ to: "/sign-in" }));
  const { slug: from } = useTenant();
  if (!user) return null;
  const name = user.name || user.email;
  return (
    <Menu>
      <MenuTrigger className="flex h-8 items-center gap-2 rounded-md px-2 text-left transition-colors hover:bg-line/50">
        <span
          aria-hidden
          className="grid size-5 shrink-0 place-items-center rounded-full bg-line text-2xs font-semibold text-mute uppercase"
        >
          {name[0]}
        </span>
        <span className="truncate">{name}</span>
      </MenuTrigger>
      <MenuContent side="top" align="start">
        <MenuLabel>{user.email}</MenuLabel>
        <MenuItem onSelect={() => void router.navigate({ to: "/account", search: { from } })}>
          <CircleUser aria-hidden className="text-mute" />
          <Trans>Account</Trans>
        </MenuItem>
        <MenuItem onSelect={onSheet}>
          <Keyboard aria-hidden className="text-mute" />
          <Trans>Keyboard shortcuts</Trans>
        </MenuItem>
        {OTHERS.map((language) => (
          <MenuItem key={language} lang={language} onSelect={() => chooseLanguage(language)}>
            <Languages aria-hidden className="text-mute" />
            {LANGUAGES[language]}
          </MenuItem>
        ))}
        <MenuRule />
        <MenuItem
          onSelect={() =>
            signOut.mutate(undefined, { onError: (error) => toast.error(errorText(error)) })
          }
        >
          <LogOut aria-hidden className="text-mute" />
          <Trans>Sign out</Trans>
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
