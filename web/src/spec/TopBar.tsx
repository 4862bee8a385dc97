import { useContext } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { moment } from "../ui/format"
import { Menu, type MenuEntry } from "../ui/Menu"
import { Zone } from "../ui/Moment"
import { useMay } from "../ui/may"
import { useSpec, useStore } from "./context"

// DraftState says which version is live, how far the draft is from it, and where the draft is kept.
export function DraftState() {
  const zone = useContext(Zone)
  const base = useSpec((s) => s.base)
  const changes = useSpec((s) => (s.saved ? s.diff?.changes.length : undefined))
  const draft = useSpec((s) => s.draft)
  const keptAt = useSpec((s) => s.keptAt)
  return (
    <>
      {base > 0 ? (
        <span className="tag live">
          <span className="dot" />v{base}
        </span>
      ) : (
        <span className="tag">{t("no version yet")}</span>
      )}
      {changes ? <span className="tag draft">{t("Draft, {n, plural, one {# change} other {# changes}}", { n: changes })}</span> : null}
      <span className="t3 fs-12 only-l" role="status">
        {draft === "kept" && keptAt ? t("Draft kept {at}", { at: moment(keptAt, zone) }) : words[draft]()}
      </span>
    </>
  )
}

const words = {
  none: () => "",
  waiting: () => t("Keeping the draft…"),
  keeping: () => t("Keeping the draft…"),
  kept: () => t("Draft kept"),
  offline: () => t("Offline: the draft is kept in this window"),
  "signed out": () => t("Signed out: the draft is kept in this window"),
  elsewhere: () => t("Another window changed this draft"),
}

export function UndoRedo() {
  const store = useStore()
  const undo = useSpec((s) => s.undo)
  const redo = useSpec((s) => s.redo)
  if (store.onlyLooks) return null
  return (
    <span className="r r-1 only-l">
      <Button
        size="sm"
        look="ghost"
        icon="undo"
        label={undo ? t("Undo: {what}", { what: undo }) : t("Undo")}
        disabled={!undo}
        onClick={() => store.undo()}
      />
      <Button
        size="sm"
        look="ghost"
        icon="redo"
        label={redo ? t("Redo: {what}", { what: redo }) : t("Redo")}
        disabled={!redo}
        onClick={() => store.redo()}
      />
    </span>
  )
}

// More holds what the bar has no room for in a narrow window.
export function More({ onCompare, onNote }: { onCompare: () => void; onNote: () => void }) {
  const store = useStore()
  const undo = useSpec((s) => s.undo)
  const redo = useSpec((s) => s.redo)
  const writes = useMay("configuration:write") && !store.onlyLooks
  const entries: (MenuEntry | false)[] = [
    writes && undo !== undefined && { id: "undo", label: t("Undo: {what}", { what: undo }), icon: "undo", act: () => store.undo() },
    writes && redo !== undefined && { id: "redo", label: t("Redo: {what}", { what: redo }), icon: "redo", act: () => store.redo() },
    { id: "compare", label: t("Compare…"), icon: "compare", act: onCompare },
    writes && { id: "note", label: t("Save with a note"), icon: "note", act: onNote },
  ]
  return <Menu label={t("More actions")} entries={entries.filter((e) => e !== false)} className="btn btn-icon btn-ghost btn-sm only-s" />
}
