import { toast } from "sonner";
import { errorText } from "@/lib/api";
import { wasGivenUp } from "@/lib/identity";

/** Says why a change failed; nothing when the person closed the dialog that asked who they are. */
export function sayRefused(error: unknown) {
  if (!wasGivenUp(error)) toast.error(errorText(error));
}
