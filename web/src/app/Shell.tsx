import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router"
import { lazy, Suspense, useEffect, useMemo, useState } from "react"
import { sessionQuery, signOut } from "../session/api"
import { t } from "../text"
import { initials } from "../ui/format"
import { Icon } from "../ui/Icon"
import { LanguagePick } from "../ui/LanguagePick"
import { Logo } from "../ui/Logo"
import { Zone } from "../ui/Moment"
import { Permissions } from "../ui/may"
import { ThemePick } from "../ui/ThemePick"
import { useToast } from "../ui/Toast"
import { navigation, settingsItem } from "./nav"

const Palette = lazy(() => import("./Palette"))
const Keys = lazy(() => import("./Keys"))

// Keys that mean something on every page. They leave alone whoever is typing.
function useGlobalKeys(open: (what: "palette" | "keys") => void) {
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
        e.preventDefault()
        open("palette")
        return
      }
      const typing = e.target instanceof Element && e.target.closest("input, textarea, select, [contenteditable]")
      if (typing || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return
      if (e.key === "?") {
        e.preventDefault()
        open("keys")
      } else if (e.key === "/") {
        const box = document.querySelector<HTMLInputElement>("[data-search]")
        if (box) {
          e.preventDefault()
          box.focus()
          box.select()
        }
      }
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [open])
}

export function Shell() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [over, setOver] = useState<"palette" | "keys" | undefined>()
  const [menu, setMenu] = useState(false)
  const path = useRouterState({ select: (s) => s.location.pathname })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  useGlobalKeys(setOver)
  // biome-ignore lint/correctness/useExhaustiveDependencies: going anywhere closes the menu
  useEffect(() => setMenu(false), [path])

  const leave = async () => {
    try {
      await signOut()
    } catch (e) {
      toast.fail(t("Still signed in"), e)
      return
    }
    queries.clear()
    navigate({ to: "/sign-in" })
  }

  // The trace fills the page, so the menu makes room for it.
  const rail = /^\/executions\/./.test(path)
  const permissions = useMemo(() => new Set(session.permissions), [session.permissions])
  const groups = navigation(session.tenant)
  const who = session.user?.name || session.user?.email || session.role
  return (
    <Permissions.Provider value={permissions}>
      <Zone.Provider value={session.tenant.time_zone}>
        <a className="skip-link" href="#main">
          {t("Skip to content")}
        </a>
        <div className={`app ${rail ? "app-rail" : ""} ${menu ? "menu-open" : ""}`}>
          <nav className="nav" aria-label={t("Main")} id="nav">
            <Link to="/" className="nav-top" title={session.tenant.name}>
              <Logo />
              <span className="lbl trunc">{session.tenant.name}</span>
            </Link>
            <button
              type="button"
              className="nav-search"
              onClick={() => setOver("palette")}
              aria-label={t("Go to a page")}
              aria-keyshortcuts="Control+K"
            >
              <Icon name="search" />
              <span className="lbl grow">{t("Go to")}</span>
              <kbd className="kbd lbl">Ctrl K</kbd>
            </button>
            <div className="nav-list">
              {groups.map((g) => (
                <div key={g.label}>
                  <div className="nav-h">{g.label}</div>
                  {g.items.map((item) => (
                    <Link
                      key={item.to}
                      to={item.to}
                      title={item.label}
                      aria-current={path === item.to || path.startsWith(`${item.to}/`) ? "page" : undefined}
                    >
                      <Icon name={item.icon} />
                      <span className="lbl trunc">{item.label}</span>
                    </Link>
                  ))}
                </div>
              ))}
            </div>
            <div className="nav-foot">
              <Link to={settingsItem.to} title={settingsItem.label} aria-current={path === settingsItem.to ? "page" : undefined}>
                <Icon name={settingsItem.icon} />
                <span className="lbl">{settingsItem.label}</span>
              </Link>
              <LanguagePick />
              <ThemePick />
              <button type="button" className="quiet" onClick={() => setOver("keys")} title={t("Keyboard")}>
                <Icon name="keyb" />
                <span className="lbl grow">{t("Keyboard")}</span>
                <kbd className="kbd lbl">?</kbd>
              </button>
              <button type="button" className="quiet" onClick={leave} title={t("Sign out {who}", { who })}>
                <span className="ava" aria-hidden="true">
                  {initials(who)}
                </span>
                <span className="lbl trunc">{t("Sign out {who}", { who })}</span>
              </button>
            </div>
          </nav>
          <button type="button" className="nav-shade" aria-label={t("Close menu")} tabIndex={-1} onClick={() => setMenu(false)} />
          <main className="main" id="main" tabIndex={-1}>
            <button type="button" className="nav-button" aria-expanded={menu} aria-controls="nav" onClick={() => setMenu(!menu)}>
              <Icon name="menu" />

              {t("Menu")}
            </button>
            <Outlet />
          </main>
        </div>
        <Suspense fallback={null}>
          {over === "palette" && <Palette items={[...groups.flatMap((g) => g.items), settingsItem]} onClose={() => setOver(undefined)} />}
          {over === "keys" && <Keys onClose={() => setOver(undefined)} />}
        </Suspense>
      </Zone.Provider>
    </Permissions.Provider>
  )
}
