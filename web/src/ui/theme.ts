import { useSyncExternalStore } from "react"

// The theme is this browser's own choice: the system's, until somebody picks one. public/theme.js does the same before
// the first paint.
export type Theme = "system" | "light" | "dark"

const system = matchMedia("(prefers-color-scheme: dark)")
const listeners = new Set<() => void>()

function chosen(): Theme {
  const t = localStorage.getItem("theme")
  return t === "light" || t === "dark" ? t : "system"
}

function apply() {
  const theme = chosen()
  document.documentElement.dataset.theme = theme === "dark" || (theme === "system" && system.matches) ? "dark" : "light"
  for (const l of listeners) l()
}

system.addEventListener("change", apply)

// Paper is white.
window.addEventListener("beforeprint", () => {
  document.documentElement.dataset.theme = "light"
})
window.addEventListener("afterprint", apply)

export function setTheme(theme: Theme) {
  if (theme === "system") localStorage.removeItem("theme")
  else localStorage.setItem("theme", theme)
  apply()
}

export function useTheme(): Theme {
  return useSyncExternalStore((l) => {
    listeners.add(l)
    return () => listeners.delete(l)
  }, chosen)
}
