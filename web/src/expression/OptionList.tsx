import { Fragment, useEffect, useRef } from "react"
import { t } from "../text"
import { brief } from "../trace/values"
import { Icon } from "../ui/Icon"
import { fillRate, isHidden } from "./scope"
import type { Option } from "./suggest"

interface Props {
  id: string
  options: Option[]
  active: number
  zone: string
  onActive: (index: number) => void
  onChoose: (option: Option) => void
  help?: string | undefined // of the active one
}

// OptionList is what a slot offers. The focus stays in the field; the arrows move through this.
export function OptionList({ id, options, active, zone, onActive, onChoose, help }: Props) {
  const list = useRef<HTMLDivElement>(null)
  const seen = useRef(active)
  // Only once somebody moved: a list that is drawn anew begins at its top, and to ask where that is would lay out the page
  // at each step that is gone to.
  useEffect(() => {
    if (seen.current === active) return
    seen.current = active
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" })
  }, [active])
  return (
    <div className="offer" onPointerDown={(e) => e.preventDefault()}>
      <div id={id} ref={list} role="listbox" aria-label={t("What can go here")} className="offer-l">
        {options.length === 0 && (
          <div className="pad-s t2" role="option" aria-disabled="true" aria-selected="false">
            {t("Nothing here has that in its name, type or value.")}
          </div>
        )}
        {options.map((o, i) => (
          <Fragment key={o.id}>
            {o.group !== options[i - 1]?.group && (
              <div role="presentation" className="offer-g">
                {o.group}
              </div>
            )}
            <div
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === active}
              aria-disabled={o.refused ? true : undefined}
              aria-label={spoken(o, zone)}
              className={`op ${i === active ? "is-hover" : ""} ${o.refused ? "no" : ""}`}
              onPointerMove={() => i !== active && onActive(i)}
              onClick={() => !o.refused && onChoose(o)}
            >
              <span className="ty" aria-hidden="true">
                {o.mark}
              </span>
              <span className="op-n">
                <code className="trunc">{o.label}</code>
                {o.kind !== "variable" && <span className="t3 trunc">{o.detail}</span>}
                {o.kind === "variable" && o.note && <span className="t3">{o.note}</span>}
              </span>
              {o.entry && <Known option={o} zone={zone} />}
            </div>
          </Fragment>
        ))}
      </div>
      {(options[active]?.refused ?? help) && <p className="offer-h">{options[active]?.refused ?? help}</p>}
    </div>
  )
}

// Known is what the deliveries say of an entry: an example, and how often it was there.
export function Known({ option, zone }: { option: Option; zone: string }) {
  const entry = option.entry
  if (!entry) return null
  const rate = fillRate(entry)
  return (
    <>
      {isHidden(entry) ? (
        <span className="tag">
          <Icon name="lock" />
          {t("personal")}
        </span>
      ) : (
        <code className="val trunc">{exampleOf(option, zone)}</code>
      )}
      <span className="rate num">{rate === undefined ? "" : t("{n} %", { n: percent(rate) })}</span>
    </>
  )
}

// percent never says that all or none are there when some are not.
export const percent = (rate: number): number => (rate >= 1 ? 100 : rate <= 0 ? 0 : Math.min(99, Math.max(1, Math.round(rate * 100))))

export function exampleOf(option: Option, zone: string): string {
  const { entry } = option
  if (!entry || isHidden(entry)) return ""
  if (entry.example !== undefined) return brief(entry.example, zone)
  const sample = entry.sample?.examples[0]
  return sample === undefined ? "" : (entry.sample?.kinds.text ?? 0) > 0 ? `“${sample}”` : sample
}

function spoken(o: Option, zone: string): string {
  const rate = o.entry && fillRate(o.entry)
  return [
    o.label,
    o.detail,
    o.note && o.kind === "variable" ? o.note : "",
    o.entry && isHidden(o.entry) ? t("personal data") : exampleOf(o, zone),
    rate === undefined ? "" : t("there in {n} %", { n: percent(rate) }),
    o.refused ?? "",
  ]
    .filter(Boolean)
    .join(", ")
}
