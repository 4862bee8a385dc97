import { t } from "../text"
import { stepIcon } from "../trace/StepList"
import { Icon } from "../ui/Icon"
import type { SpecDiff } from "./api"

const kinds = {
  added: { sign: "+", cls: "add", word: () => t("added") },
  removed: { sign: "×", cls: "mov", word: () => t("removed") },
  changed: { sign: "~", cls: "mod", word: () => t("changed") },
  moved: { sign: "↕", cls: "mov", word: () => t("moved") },
}

const whats = {
  spec: () => t("spec"),
  constant: () => t("constant"),
  enrichment: () => t("enrichment"),
  instruction: () => t("step"),
  case: () => t("case of"),
  test: () => t("test"),
}

const written = (v: unknown): string => (v === undefined ? t("left out") : typeof v === "string" ? v : JSON.stringify(v))

// DiffList is what differs between two specs, thing by thing and field by field.
export function DiffList({ diff, onOpen }: { diff: SpecDiff; onOpen?: (id: string) => void }) {
  if (diff.same) return <p className="pad-s t2">{t("There is no difference.")}</p>
  return (
    <div className="diffs">
      {diff.same_program && <p className="t2">{t("They do the same: only notes, comments or tests differ.")}</p>}
      <ul>
        {diff.changes.map((c) => (
          <li key={`${c.what} ${c.id} ${c.kind} ${c.after?.index ?? ""} ${c.before?.index ?? ""}`} className="diff">
            <div className="diff-h">
              <span className={`ch ${kinds[c.kind].cls}`} role="img" aria-label={kinds[c.kind].word()}>
                {kinds[c.kind].sign}
              </span>
              {c.type && <Icon name={stepIcon(c.type)} size={14} className="t3" />}
              <span className="t3">{whats[c.what]()}</span>
              {onOpen && c.what === "instruction" && c.kind !== "removed" ? (
                <button type="button" className="link" onClick={() => onOpen(c.id)}>
                  <code>{c.type ?? c.id}</code>
                </button>
              ) : (
                <code>{c.type ?? c.id}</code>
              )}
              <span className="t3">{kinds[c.kind].word()}</span>
            </div>
            {(c.fields ?? []).map((f) => (
              <div className="diff-f" key={f.name}>
                <span className="t3">{f.name}</span>
                {f.before !== undefined && (
                  <del className="was">
                    <code>{written(f.before)}</code>
                  </del>
                )}
                {f.after !== undefined && (
                  <ins className="now">
                    <code>{written(f.after)}</code>
                  </ins>
                )}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </div>
  )
}
