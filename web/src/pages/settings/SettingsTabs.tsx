import { Link, useRouterState } from "@tanstack/react-router"
import { t } from "../../text"
import { useMay } from "../../ui/may"

// SettingsTabs lead from one page of settings to another.
export function SettingsTabs() {
  const path = useRouterState({ select: (s) => s.location.pathname })
  const keys = useMay("keys:manage")
  const all = [
    { to: "/settings", label: t("Settings") },
    { to: "/settings/users", label: t("Users") },
    ...(keys ? [{ to: "/settings/api-keys", label: t("API keys") }] : []),
    { to: "/account", label: t("My account") },
  ]
  return (
    <div className="views">
      <nav className="tabs" aria-label={t("Pages of settings")}>
        {all.map((x) => (
          <Link key={x.to} to={x.to} aria-current={path === x.to ? "page" : undefined} activeOptions={{ exact: true }}>
            {x.label}
          </Link>
        ))}
      </nav>
    </div>
  )
}
