import { useState } from "react"
import { t } from "../text"
import { keyOf } from "../ui/keys"

interface Props {
  given: string // the path that somebody named; "": it is found out
  found: string // the one that the last run went by
  set: (path: string) => void
}

// ToldApart is the path of what tells the records of the source apart, such as data.id: whether several of them write one
// record hangs on it. Left empty it is found out, and stands there.
export function ToldApart({ given, found, set }: Props) {
  const [text, setText] = useState(given)
  const [seen, setSeen] = useState(given)
  if (seen !== given) {
    setSeen(given)
    setText(given)
  }
  const settle = () => text.trim() !== given && set(text.trim())
  return (
    <label
      className={`chip datechip ${given ? "on" : ""}`}
      title={t("Path of what tells the records of the source apart. Whether several of them write the same record is found by it.")}
    >
      <span className="k">{t("told apart by")}</span>
      <input
        className="told mono"
        placeholder={found || t("found out")}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(e) => setText(e.target.value)}
        onBlur={settle}
        onKeyDown={(e) => keyOf("field", e) === "take" && settle()}
      />
    </label>
  )
}
