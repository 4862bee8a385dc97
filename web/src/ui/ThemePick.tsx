import { t } from "../text"
import { Icon } from "./Icon"
import { setTheme, type Theme, useTheme } from "./theme"

const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" }
const words: Record<Theme, string> = { system: t("System"), light: t("Light"), dark: t("Dark") }

export function ThemePick() {
  const theme = useTheme()
  return (
    <button
      type="button"
      className="quiet"
      onClick={() => setTheme(next[theme])}
      title={t("Theme: {now}. Change to {next}.", { now: words[theme], next: words[next[theme]] })}
    >
      <Icon name={theme === "dark" ? "moon" : "sun"} />
      <span className="lbl">
        <span className="vh">{t("Theme:")} </span>
        {words[theme]}
      </span>
    </button>
  )
}
