import { useQuery } from "@tanstack/react-query"
import { Link, useRouterState } from "@tanstack/react-router"
import { identitiesQuery } from "../identity/api"
import type { Session } from "../session/api"
import { t } from "../text"
import { docs } from "../ui/DocsLink"
import { initials, number } from "../ui/format"
import { Icon } from "../ui/Icon"
import { LanguagePick } from "../ui/LanguagePick"
import { Logo } from "../ui/Logo"
import { ThemePick } from "../ui/ThemePick"
import { Bell } from "./Bell"
import { homeItem, isCurrent, type NavGroup, type NavItem, settingsItem } from "./nav"

interface Props {
  session: Session
  groups: NavGroup[]
  onPalette: () => void
  onKeys: () => void
  onLeave: () => void
}

// How often the menu counts what is not linked, in milliseconds.
const counts = 30_000

// SideNav is the menu: the words of the field, in the order of the work.
export function SideNav({ session, groups, onPalette, onKeys, onLeave }: Props) {
  const who = session.user?.name || session.user?.email || session.role
  const unlinked = useQuery({ ...identitiesQuery({ linked: "false", per_page: 1 }), refetchInterval: counts })
  const total = unlinked.data?.meta.total
  return (
    <nav className="nav" aria-label={t("Main")} id="nav">
      <Link to="/" className="nav-top" title={session.tenant.name}>
        <Logo />
        <span className="lbl trunc">{session.tenant.name}</span>
      </Link>
      <button type="button" className="nav-search" onClick={onPalette} aria-label={t("Search and commands")} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span className="lbl grow">{t("Search")}</span>
        <kbd className="kbd lbl">Ctrl K</kbd>
      </button>
      <div className="nav-list">
        <div>
          <Item item={homeItem} />
        </div>
        {groups.map((g) => (
          <div key={g.label}>
            <div className="nav-h">{g.label}</div>
            {g.items.map((item) => (
              <Item key={item.to} item={item} count={item.to === "/identities" ? total : undefined} />
            ))}
          </div>
        ))}
      </div>
      <div className="nav-foot">
        <a href={docs()} title={t("Docs")} target="_blank" rel="noreferrer">
          <Icon name="file" />
          <span className="lbl">{t("Docs")}</span>
        </a>
        <Bell />
        <Item item={settingsItem} />
        <div className="nav-pair">
          <LanguagePick />
          <ThemePick />
        </div>
        <button type="button" className="quiet" onClick={onKeys} title={t("Keyboard")}>
          <Icon name="keyb" />
          <span className="lbl grow">{t("Keyboard")}</span>
          <kbd className="kbd lbl">?</kbd>
        </button>
        <div className="nav-pair">
          <Link to="/account" className="quiet" title={t("My account")}>
            <span className="ava" aria-hidden="true">
              {initials(who)}
            </span>
            <span className="vh">{t("My account")}: </span>
            <span className="lbl trunc">{who}</span>
          </Link>
          <button type="button" className="quiet" onClick={onLeave} title={t("Sign out {who}", { who })}>
            <Icon name="arrow" />
            <span className="lbl trunc">{t("Sign out")}</span>
          </button>
        </div>
      </div>
    </nav>
  )
}

function Item({ item, count }: { item: NavItem; count?: number | undefined }) {
  const path = useRouterState({ select: (s) => s.location.pathname })
  return (
    <Link to={item.to} title={item.label} aria-current={isCurrent(item, path) ? "page" : undefined} activeOptions={{ exact: true }}>
      <Icon name={item.icon} />
      <span className="lbl trunc">{item.label}</span>
      {count !== undefined && count > 0 && <span className="count lbl">{count > 999 ? "999+" : number(count)}</span>}
    </Link>
  )
}
