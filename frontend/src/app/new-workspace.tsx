import { useNavigate } from "@tanstack/react-router";
import { NewWorkspaceDialog } from "@/features/workspaces/new-workspace-dialog";

type Props = { isOpen: boolean; onClose: () => void };

/** A workspace opens on the page that connects its first agent. */
export function NewWorkspace({ isOpen, onClose }: Props) {
  const navigate = useNavigate();
  return (
    <NewWorkspaceDialog
      isOpen={isOpen}
      onClose={onClose}
      onMade={(tenant) => {
        onClose();
        void navigate({ to: "/t/$tenant/connect", params: { tenant } });
      }}
      onDemo={(tenant) => {
        onClose();
        void navigate({ to: "/t/$tenant/overview", params: { tenant } });
      }}
    />
  );
}
