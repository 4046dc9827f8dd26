import { hiddenCount } from "../text/hostile";
import { toast } from "./toast";

/** Copies text as it is and says so; warns when the text holds characters that cannot be seen. */
export async function copy(text: string, what: string) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    toast("The browser did not allow copying. Select the text and press Ctrl C.");
    return;
  }
  const hidden = hiddenCount(text);
  const warning = hidden === 0 ? "" : `. It holds ${hidden} hidden character${hidden === 1 ? "" : "s"}`;
  toast(`${what} copied${warning}`);
}
