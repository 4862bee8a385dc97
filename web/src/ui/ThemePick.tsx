import { t } from "../text"
import { Icon } from "./Icon"
import { setTheme, type Theme, useTheme } from "./theme"

const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" }
const words: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" }

export function ThemePick() {
  const theme = useTheme()
  return (
    <button type="button" className="quiet" onClick={() => setTheme(next[theme])} title={`Theme: ${words[theme]}. Change to ${words[next[theme]]}.`}>
      <Icon name={theme === "dark" ? "moon" : "sun"} />
      <span className="lbl">
        <span className="vh">{t("Theme:")} </span>
        {words[theme]}
      </span>
    </button>
  )
}
