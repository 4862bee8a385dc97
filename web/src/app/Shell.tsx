import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router"
import { lazy, Suspense, useEffect, useMemo, useState } from "react"
import { fetchAhead, later } from "../api/files"
import { kinds } from "../record/kinds"
import { forget, sessionQuery, signOut } from "../session/api"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import { Zone } from "../ui/Moment"
import { Permissions } from "../ui/may"
import { useToast } from "../ui/Toast"
import { Banners } from "./Banners"
import { useGlobalKeys } from "./globalKeys"
import { furtherItems, homeItem, navigation, settingsItem } from "./nav"
import Palette from "./Palette"
import { SideNav } from "./SideNav"

const Keys = lazy(later(() => import("./Keys")))

// Pages that fill the window, so that the menu makes room for them.
const filling = /^\/(executions\/.|processors\/[^/]+\/(spec|compare))/

export function Shell() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [over, setOver] = useState<"palette" | "keys" | undefined>()
  const [menu, setMenu] = useState(false)
  const path = useRouterState({ select: (s) => s.location.pathname })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  const go = (to: string) => () => navigate({ to })
  const records = kinds.find((k) => session.tenant.record_kinds.includes(k.id))
  useGlobalKeys({
    palette: () => setOver("palette"),
    map: () => setOver("keys"),
    providers: go("/providers"),
    sourceExecutions: go("/source-executions"),
    executions: go("/executions"),
    records: go(records ? `/${records.path}` : "/settings"),
    identities: go("/identities"),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: going anywhere closes the menu
  useEffect(() => setMenu(false), [path])
  useEffect(fetchAhead, [])

  const leave = async () => {
    try {
      await signOut()
    } catch (e) {
      toast.fail(t("Still signed in"), e)
      return
    }
    queries.clear()
    await navigate({ to: "/sign-in" })
    forget() // after the page that was open has put away what it had
  }

  const permissions = useMemo(() => new Set(session.permissions), [session.permissions])
  const groups = navigation(session.tenant)
  return (
    <Permissions.Provider value={permissions}>
      <Zone.Provider value={session.tenant.time_zone}>
        <a className="skip-link" href="#main">
          {t("Skip to content")}
        </a>
        <div key={session.user?.id} className={`app ${filling.test(path) ? "app-rail" : ""} ${menu ? "menu-open" : ""}`}>
          <SideNav session={session} groups={groups} onPalette={() => setOver("palette")} onKeys={() => setOver("keys")} onLeave={leave} />
          <button type="button" className="nav-shade" aria-label={t("Close menu")} tabIndex={-1} onClick={() => setMenu(false)} />
          <main className="main" id="main" tabIndex={-1}>
            <button type="button" className="nav-button" aria-expanded={menu} aria-controls="nav" onClick={() => setMenu(!menu)}>
              <Icon name="menu" />
              {t("Menu")}
            </button>
            <Banners />
            <Outlet />
          </main>
        </div>
        <Suspense fallback={null}>
          {over === "palette" && (
            <Palette
              items={[homeItem, ...groups.flatMap((g) => g.items), settingsItem, ...furtherItems]}
              onClose={() => setOver((now) => (now === "palette" ? undefined : now))}
              onKeys={() => setOver("keys")}
              onLeave={leave}
            />
          )}
          {over === "keys" && <Keys onClose={() => setOver(undefined)} />}
        </Suspense>
      </Zone.Provider>
    </Permissions.Provider>
  )
}
