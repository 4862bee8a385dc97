import { t } from "../text"
import { Icon } from "../ui/Icon"
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
  const to = from + width
  const shown = order.slice(from, to)
  // further goes to the nearest item that is not shown; how many there are is for whoever points at it, lest it read as an item.
  const further = (place: number, icon: "left" | "right", says: string) => (
    <button
      type="button"
      className="more-items t3"
      aria-label={says}
      title={says}
      tabIndex={big ? 0 : -1}
      onClick={() => onItem(order[place] ?? current)}
    >
      {icon === "right" && "…"}
      <Icon name={icon} size={12} />
      {icon === "left" && "…"}
    </button>
  )
  return (
    <fieldset className={`strip ${big ? "big" : ""}`} aria-label={t("Items")}>
      {from > 0 && further(from - 1, "left", t("{n, plural, one {# more item} other {# more items}} before", { n: from }))}
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
      {to < order.length && further(to, "right", t("{n, plural, one {# more item} other {# more items}} after", { n: order.length - to }))}
    </fieldset>
  )
}
