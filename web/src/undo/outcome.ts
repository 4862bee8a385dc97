import { count } from "../ui/format"
import type { Undo } from "./api"

// said is what an undo did, in a line: "2 set back, 1 removed".
export function said(counts: Undo["counts"]): string {
  const parts = [
    counts.set_back > 0 && `${count(counts.set_back, "thing")} set back`,
    counts.removed > 0 && `${counts.removed} removed`,
    counts.made_again > 0 && `${counts.made_again} made again`,
    counts.left > 0 && `${counts.left} left alone, whole or in part`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(", ") : "nothing to take back"
}

// takesBack says whether anything would change at all.
export function takesBack({ set_back, removed, made_again }: Undo["counts"]): boolean {
  return set_back + removed + made_again > 0
}
