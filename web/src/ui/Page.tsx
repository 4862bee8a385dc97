import { Link } from "@tanstack/react-router"
import { type ReactNode, useEffect } from "react"
import { Icon } from "./Icon"

interface Crumb {
  label: string
  to: string
}

interface Props {
  title: string
  crumbs?: Crumb[]
  note?: ReactNode // beside the title: a count, a state
  actions?: ReactNode
  children: ReactNode
}

// Page is the bar on top and what scrolls below it.
export function Page({ title, crumbs = [], note, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Dealwright`
  }, [title])
  return (
    <>
      <header className="bar">
        <div className="crumbs">
          {crumbs.map((c) => (
            <span className="r r-1 crumb" key={c.to}>
              <Link to={c.to} activeOptions={{ exact: true }}>
                {c.label}
              </Link>
              <Icon name="right" />
            </span>
          ))}
          <h1 className="bar-title trunc">{title}</h1>
        </div>
        {note && <span className="bar-note">{note}</span>}
        <span className="push" />
        {actions}
      </header>
      {children}
    </>
  )
}

// Lead is the one sentence that answers why somebody came.
export function Lead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="lead">
      <p className="lead-t">{title}</p>
      {children && <p className="t2">{children}</p>}
    </div>
  )
}

export function Section({ title, count, action, children }: { title: string; count?: number | undefined; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="sec">
      <div className="sec-h">
        <h2>{title}</h2>
        {count !== undefined && <span className="count">{count}</span>}
        <span className="push" />
        {action}
      </div>
      {children}
    </section>
  )
}
