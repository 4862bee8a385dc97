import { t } from "../text"
import { number } from "../ui/format"
import type { Backtest } from "./api"
import type { Weight } from "./model"

interface Part {
  weight: Weight | "same"
  glyph: string
  cls: string
  word: string
  of: keyof Backtest["tally"]
}

const parts: Part[] = [
  { weight: "fails", glyph: "!", cls: "bad", word: t("now fails"), of: "now_fails" },
  { weight: "succeeds", glyph: "✓", cls: "new", word: t("now succeeds"), of: "now_succeeds" },
  { weight: "changed", glyph: "~", cls: "chg", word: t("changed"), of: "changed" },
  { weight: "new", glyph: "+", cls: "new", word: t("new"), of: "new" },
  { weight: "gone", glyph: "×", cls: "same", word: t("gone"), of: "gone" },
  { weight: "same", glyph: "=", cls: "same", word: t("same"), of: "same" },
]

export function WeightMark({ is, bare }: { is: Weight; bare?: boolean }) {
  const part = is === "ends" ? { glyph: "~", cls: "chg", word: t("fails otherwise") } : (parts.find((p) => p.weight === is) as Part)
  return (
    <span className={`oc ${part.cls}`} title={part.word}>
      <span className="g" role="img" aria-label={part.word}>
        {part.glyph}
      </span>
      {!bare && <span>{part.word}</span>}
    </span>
  )
}

// Tally is how many deliveries come out how, as a bar and as figures; a figure narrows the table below it.
export function Tally({ of, only, onOnly }: { of: Backtest; only: string; onOnly: (weight: string) => void }) {
  return (
    <>
      <svg className="tally-bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
        {bars(of).map((b) => (
          <rect key={b.of} className={`tally-${b.weight}`} x={b.x} y="0" width={b.width} height="12" />
        ))}
      </svg>
      <ul className="tally">
        {parts.map((p) => (
          <li key={p.of}>
            <button
              type="button"
              aria-pressed={only === p.weight}
              disabled={of.tally[p.of] === 0 || p.weight === "same"}
              onClick={() => onOnly(p.weight)}
            >
              <span className="tally-n">
                <span className={`oc ${p.cls}`}>
                  <span className="g" aria-hidden="true">
                    {p.glyph}
                  </span>
                </span>
                <b className={of.tally[p.of] === 0 ? "t3" : ""}>{number(of.tally[p.of])}</b>
              </span>
              <span className="t2">{p.word}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

// Each part that there is of is at least a few units wide, so that the one that fails is seen among thousands.
function bars(of: Backtest): { weight: string; of: string; x: number; width: number }[] {
  const there = parts.filter((p) => of.tally[p.of] > 0)
  const least = 6
  const room = 1000 - there.length * least
  let x = 0
  return there.map((p) => {
    const width = least + (room * of.tally[p.of]) / Math.max(of.deliveries, 1)
    const bar = { weight: p.weight, of: p.of, x, width: Math.max(width - 3, 3) }
    x += width
    return bar
  })
}
