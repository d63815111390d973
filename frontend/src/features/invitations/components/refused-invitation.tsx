import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Session } from "@/client/contract";
import { Button, buttonClass } from "@/components/button";
import { ApiError, errorText } from "@/lib/api";

type Props = { error: Error; user: Session["user"]; onSignOut: () => void };

/** Each way in which a link leads nowhere has its own words. */
const WORDS: Record<string, { title: string; text: string }> = {
  not_found: {
    title: t`There is no such invitation`,
    text: t`Perhaps the link was cut off on its way, or a newer one took its place.`,
  },
  invitation_used: {
    title: t`This invitation was used already`,
    text: t`It works once. If that was you, sign in: the workspace is open to you.`,
  },
  invitation_expired: {
    title: t`This invitation has expired`,
    text: t`Ask whoever sent it for a new link.`,
  },
  invitation_revoked: {
    title: t`This invitation was taken back`,
    text: t`Ask whoever sent it, if you think that is a mistake.`,
  },
  throttled: { title: t`Too many tries`, text: t`Wait a minute, then load this page again.` },
};

export function RefusedInvitation({ error, user, onSignOut }: Props) {
  const code = error instanceof ApiError ? error.code : "";
  if (code === "invitation_for_another")
    return (
      <div role="alert">
        <Words
          title={t`This invitation is for somebody else`}
          text={t`You are signed in as ${user?.email ?? ""}, and it went to another address.`}
        />
        <Button variant="primary" className="h-8 w-full" onClick={onSignOut}>
          <Trans>Sign out and open it again</Trans>
        </Button>
      </div>
    );
  const { title, text } = WORDS[code] ?? {
    title: t`The invitation could not be opened`,
    text: errorText(error),
  };
  return (
    <div role="alert">
      <Words title={title} text={text} />
      <a href="/" className={buttonClass()}>
        {user ? t`To the console` : t`Sign in`}
      </a>
    </div>
  );
}

const Words = ({ title, text }: { title: string; text: string }) => (
  <>
    <h1 className="mb-1 text-[20px] font-semibold tracking-tight">{title}</h1>
    <p className="mb-4 text-sm text-mute">{text}</p>
  </>
);
