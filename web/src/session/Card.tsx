import type { ReactNode } from "react"
import { t } from "../text"
import { LanguagePick } from "../ui/LanguagePick"
import { Logo } from "../ui/Logo"
import { ThemePick } from "../ui/ThemePick"

// The dovetail joint behind the card, drawn once as a path.
const joint = (() => {
  let d = "M-40 450L-8 450"
  for (let x = -22; x < 1560; x += 126) d += `L${x} 400L${x + 90} 400L${x + 76} 450L${x + 140} 450`
  return `${d}L1700 450L1700 901L-40 901Z`
})()

export function SessionCard({ title, sub, children }: { title: string; sub?: string; children: ReactNode }) {
  return (
    <div className="outside">
      <svg className="joint" viewBox="0 0 1440 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        <path d={joint} />
      </svg>
      <main className="cardx">
        <Logo size={36} />
        <div>
          <h1>{title}</h1>
          {sub && <p className="t2">{sub}</p>}
        </div>
        {children}
      </main>
      <footer className="outside-f">
        <span>{t("Dealwright")}</span>
        <span className="push" />
        <LanguagePick />
        <ThemePick />
      </footer>
    </div>
  )
}
