import { choose, language, languages, t } from "../text"
import { docs } from "../ui/DocsLink"
import type { IconName } from "../ui/icons"
import { setTheme } from "../ui/theme"

export interface Command {
  id: string
  label: string
  icon: IconName
  needs?: string // the permission without which it is not there
  run: () => void
}

interface Ways {
  go: (to: string, search?: Record<string, string>) => void
  keys: () => void
  leave: () => void
}

// commands are what the palette does besides going somewhere.
export function commands({ go, keys, leave }: Ways): Command[] {
  const write = "configuration:write"
  return [
    { id: "provider", label: t("New provider"), icon: "plus", needs: write, run: () => go("/providers", { new: "type" }) },
    { id: "processor", label: t("New processor"), icon: "plus", needs: write, run: () => go("/processors", { new: "1" }) },
    { id: "agent", label: t("New agent"), icon: "plus", needs: "identities:link", run: () => go("/agents", { new: "1" }) },
    { id: "event", label: t("New event"), icon: "plus", needs: write, run: () => go("/events", { new: "1" }) },
    { id: "metric", label: t("New metric"), icon: "plus", needs: write, run: () => go("/metrics", { new: "1" }) },
    { id: "light", label: t("Theme: light"), icon: "sun", run: () => setTheme("light") },
    { id: "dark", label: t("Theme: dark"), icon: "moon", run: () => setTheme("dark") },
    { id: "system", label: t("Theme: that of the system"), icon: "sun", run: () => setTheme("system") },
    ...languages
      .filter((l) => l.id !== language())
      .map((l) => ({ id: l.id, label: t("Language: {name}", { name: l.name }), icon: "globe" as const, run: () => choose(l.id) })),
    { id: "docs", label: t("Open the documentation"), icon: "file", run: () => window.open(docs(), "_blank", "noopener") },
    { id: "keys", label: t("Show the keys of this page"), icon: "keyb", run: keys },
    { id: "leave", label: t("Sign out"), icon: "arrow", run: leave },
  ]
}
