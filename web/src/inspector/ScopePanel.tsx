import { type KeyboardEvent, useId, useMemo, useState } from "react"
import { OptionList } from "../expression/OptionList"
import { entriesOf } from "../expression/scope"
import { type Option, shown, variablesFor } from "../expression/suggest"
import { type Asking, useWorld } from "../expression/world"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"

// ScopePanel is everything that can be read at the step, with what the chosen entry had there; Enter puts it in the field
// that had the focus last.
export function ScopePanel({ asking }: { asking: Asking | undefined }) {
  const { names, samples, values, library, zone, readOnly } = useWorld()
  const id = useId()
  const [typed, setTyped] = useState("")
  const [active, setActive] = useState(0)
  const [open, setOpen] = useState(true)
  const visible = asking?.names ?? names
  const entries = useMemo(() => entriesOf(visible, samples, values), [visible, samples, values])
  const options = useMemo(
    () => variablesFor(typed.replace(/^[$/]/, "").trim().toLowerCase(), asking?.want ?? { kind: "one_of" }, entries, library, zone).slice(0, shown),
    [typed, asking?.want, entries, library, zone],
  )
  const at = Math.min(active, options.length - 1)
  const choose = (o: Option) => {
    if (!asking || readOnly || o.refused || !o.expr) return
    setTyped("")
    setActive(0)
    asking.put(o.expr)
  }
  const onKey = (e: KeyboardEvent) => {
    const does = keyOf("choose", e)
    if (does === "next" || does === "back") {
      e.preventDefault()
      if (options.length > 0) setActive((at + (does === "next" ? 1 : -1) + options.length) % options.length)
    } else if (does === "take") {
      e.preventDefault()
      const o = options[at]
      if (o) choose(o)
    } else if (does === "close" && typed !== "") {
      e.preventDefault()
      e.stopPropagation()
      setTyped("")
    }
  }
  return (
    <section className={`scope ${open ? "" : "is-shut"}`} aria-label={t("In scope")}>
      <div className="scope-h">
        <button type="button" className="scope-t medium" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? "down" : "right"} size={14} />
          {t("In scope")}
        </button>
        {open && (
          <span className="input input-sm grow">
            <Icon name="search" size={14} />
            <input
              className="bare"
              id="scope-search"
              role="combobox"
              aria-label={asking ? t("Put a variable in the field: name, type or value") : t("Look in scope: name, type or value")}
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={options[at] ? `${id}-list-${at}` : undefined}
              aria-autocomplete="list"
              placeholder={t("Name, type or value")}
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(e) => {
                setTyped(e.target.value)
                setActive(0)
              }}
              onKeyDown={onKey}
            />
          </span>
        )}
      </div>
      {open && (
        <OptionList
          id={`${id}-list`}
          options={options}
          active={at}
          zone={zone}
          onActive={setActive}
          onChoose={choose}
          help={asking ? undefined : t("Go to a field first; Enter here then puts a variable in it.")}
        />
      )}
    </section>
  )
}
