import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { type Problem, useWorld } from "./world"

// SlotProblems stand below the slot they are about, each with the fix that mends it.
export function SlotProblems({ id, problems }: { id: string; problems: readonly Problem[] }) {
  const { onFix, readOnly } = useWorld()
  return (
    <div id={id} className="slot-problems" aria-live="polite">
      {problems.map((p, i) => (
        <div key={`${p.pointer} ${p.code} ${p.message}`} className="fixline">
          <span className={p.severity === "warning" ? "err warn" : "err"}>
            <Icon name={p.severity === "warning" ? "warnf" : "fail"} size={14} />
            <span>
              {sentence(p.message)} {p.hint && <span className="t2">{p.hint}</span>}
            </span>
          </span>
          {p.fix && p.fix.edits.length > 0 && !readOnly && (
            <Button
              size="xs"
              look="fix"
              icon="edit"
              {...(i === problems.findIndex((x) => x.fix) && { keys: "Ctrl ." })}
              onClick={() => onFix(p)}
              aria-label={t("Mend: {title}", { title: p.fix.title })}
            >
              {p.fix.title}
            </Button>
          )}
          {!readOnly &&
            p.others?.map((other) => (
              <Button key={other.title} size="xs" look="fix" onClick={() => onFix(p, other)} aria-label={t("Mend: {title}", { title: other.title })}>
                {other.title}
              </Button>
            ))}
        </div>
      ))}
    </div>
  )
}

// sentence begins with a capital, unless its first word is a name of the spec.
function sentence(text: string): string {
  const named = /^\w*[_.[(]/.test(text)
  return `${named ? text.charAt(0) : text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`
}
