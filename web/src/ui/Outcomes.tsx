import { t } from "../text"
import { word } from "./words"

// What a run did to records, by glyph and word.

export type Outcome = "new" | "changed" | "same" | "skipped" | "failed"

const glyphs: Record<Outcome, { glyph: string; cls: string }> = {
  new: { glyph: "+", cls: "new" },
  changed: { glyph: "~", cls: "chg" },
  same: { glyph: "=", cls: "same" },
  skipped: { glyph: "–", cls: "same" },
  failed: { glyph: "!", cls: "bad" },
}

export function OutcomeMark({ is, children, bare }: { is: Outcome; children?: React.ReactNode; bare?: boolean }) {
  const { glyph, cls } = glyphs[is]
  return (
    <span className={`oc ${cls}`} title={word(is)}>
      <span className="g" role="img" aria-label={word(is)}>
        {glyph}
      </span>
      {!bare && <span>{children ?? word(is)}</span>}
    </span>
  )
}

export function outcomeGlyph(is: Outcome): { glyph: string; cls: string } {
  return glyphs[is]
}

export interface Counts {
  created: number
  updated: number
  unchanged: number
  skipped: number
  failed: number
}

// Outcomes is the short form for lists: +2 ~1 =5 !1, always in this order, zeros left out.
export function Outcomes({ counts }: { counts: Counts }) {
  const all: [Outcome, number][] = [
    ["new", counts.created],
    ["changed", counts.updated],
    ["same", counts.unchanged],
    ["skipped", counts.skipped],
    ["failed", counts.failed],
  ]
  const shown = all.filter(([, n]) => n > 0)
  if (shown.length === 0) return <span className="t3">{t("nothing written")}</span>
  return (
    <span className="ocs">
      {shown.map(([is, n]) => (
        <OutcomeMark key={is} is={is}>
          {n}
        </OutcomeMark>
      ))}
    </span>
  )
}
