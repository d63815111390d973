import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Dialog } from "@/components/dialog";
import { ErrorState, LoadingBlock } from "@/components/states";
import { accountQuery } from "@/lib/account";
import { ProofForm } from "./proof-form";

type Props = { isOpen: boolean; why: string; onClose: () => void; onProved: () => void };

export function IdentityDialog({ isOpen, why, ...end }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={end.onClose}
      title={t`Show that it is you`}
      note={why || t`Changes of how you sign in ask for it, once in five minutes.`}
    >
      <Ways {...end} />
    </Dialog>
  );
}

function Ways(end: Pick<Props, "onClose" | "onProved">) {
  const account = useQuery(accountQuery());
  if (account.isPending) return <LoadingBlock label={t`Loading how you can sign in`} />;
  if (account.isError) {
    return <ErrorState error={account.error} onRetry={() => void account.refetch()} />;
  }
  return <ProofForm account={account.data} {...end} />;
}
