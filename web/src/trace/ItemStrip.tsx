import { t } from "../text"
import { outcomeGlyph } from "../ui/Outcomes"
import { word } from "../ui/words"
import type { Item } from "./api"
import { itemOrder, itemOutcome } from "./model"

interface Props {
  items: Item[]
  current: number
  onItem: (item: number) => void
  window: number // how many cells are shown at most
  failedOnly: boolean
  apart?: ReadonlySet<number> | undefined // the items in which another run did otherwise
  big?: boolean
}

// ItemStrip is one cell per item of a loop, of long loops the failed ones first; it shows those around the current one.
export function ItemStrip({ items, current, onItem, window: width, failedOnly, apart, big }: Props) {
  const order = itemOrder(items, failedOnly)
  const from = Math.max(0, Math.min(order.indexOf(current) - Math.floor(width / 2), order.length - width))
  const shown = order.slice(from, from + width)
  return (
    <fieldset className={`strip ${big ? "big" : ""}`} aria-label={t("Items")}>
      {from > 0 && <span className="t3 fs-12 more-items">{from} …</span>}
      {shown.map((at) => {
        const item = items[at] as Item
        const outcome = itemOutcome(item)
        const { glyph, cls } = outcomeGlyph(outcome)
        const differs = apart?.has(at)
        return (
          <button
            type="button"
            key={item.index}
            className={`cell ${cls} ${at === current ? "is-cur" : ""} ${differs ? "is-apart" : ""}`}
            aria-label={`${t("Item {n}, {outcome}", { n: item.index, outcome: word(outcome) })}${differs ? t(", differs") : ""}`}
            aria-current={at === current || undefined}
            tabIndex={big ? 0 : -1}
            onClick={() => onItem(at)}
          >
            {big && <span>{item.index}</span>}
            <b>{glyph}</b>
          </button>
        )
      })}
      {from + width < order.length && <span className="t3 fs-12 more-items">… {order.length - from - width}</span>}
    </fieldset>
  )
}
