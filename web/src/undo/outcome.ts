import { t } from "../text"
import type { Undo } from "./api"

// said is what an undo did, in a line: "2 set back, 1 removed".
export function said(counts: Undo["counts"]): string {
  const parts = [
    counts.set_back > 0 && t("{n, plural, one {# thing} other {# things}} set back", { n: counts.set_back }),
    counts.removed > 0 && t("{n} removed", { n: counts.removed }),
    counts.made_again > 0 && t("{n} made again", { n: counts.made_again }),
    counts.left > 0 && t("{n} left alone, whole or in part", { n: counts.left }),
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(", ") : t("nothing to take back")
}

// takesBack says whether anything would change at all.
export function takesBack({ set_back, removed, made_again }: Undo["counts"]): boolean {
  return set_back + removed + made_again > 0
}
