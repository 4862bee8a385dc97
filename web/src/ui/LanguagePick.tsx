import { choose, language, languages, t } from "../text"
import { Icon } from "./Icon"

// LanguagePick loads the page in the next language.
export function LanguagePick() {
  const at = languages.findIndex((l) => l.id === language())
  const now = languages[at] ?? languages[0]
  const next = languages[(at + 1) % languages.length] ?? languages[0]
  const change = t("Language: {now}. Change to {next}.", { now: now.name, next: next.name })
  return (
    <button type="button" className="quiet" onClick={() => choose(next.id)} title={change}>
      <Icon name="globe" />
      <span className="lbl">
        <span className="vh">{t("Language:")} </span>
        {now.name}
      </span>
    </button>
  )
}
