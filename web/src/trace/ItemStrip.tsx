import { t } from "../text"
import { outcomeGlyph } from "../ui/Outcomes"
import { word } from "../ui/words"
import type { Item } from "./api"
import { itemOutcome } from "./model"

interface Props {
  items: Item[]
  current: number
  onItem: (item: number) => void
  window: number // how many cells are shown at most
  big?: boolean
}

// ItemStrip is one cell per item of a loop; of long loops it shows those around the current one.
export function ItemStrip({ items, current, onItem, window: width, big }: Props) {
  const from = Math.max(0, Math.min(current - Math.floor(width / 2), items.length - width))
  const shown = items.slice(from, from + width)
  return (
    <fieldset className={`strip ${big ? "big" : ""}`} aria-label={t("Items")}>
      {from > 0 && <span className="t3 fs-12 more-items">{from} …</span>}
      {shown.map((item, i) => {
        const at = from + i
        const outcome = itemOutcome(item)
        const { glyph, cls } = outcomeGlyph(outcome)
        return (
          <button
            type="button"
            key={item.index}
            className={`cell ${cls} ${at === current ? "is-cur" : ""}`}
            aria-label={t("Item {n}, {outcome}", { n: item.index, outcome: word(outcome) })}
            aria-current={at === current || undefined}
            tabIndex={big ? 0 : -1}
            onClick={() => onItem(at)}
          >
            {big && <span>{item.index}</span>}
            <b>{glyph}</b>
          </button>
        )
      })}
      {from + width < items.length && <span className="t3 fs-12 more-items">… {items.length - from - width}</span>}
    </fieldset>
  )
}
