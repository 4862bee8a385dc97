import { Link } from "@tanstack/react-router"
import { type ReactNode, useEffect, useState } from "react"
import { Failed } from "../api/client"
import { t } from "../text"
import { Button } from "./Button"
import { Details } from "./Details"
import { Icon } from "./Icon"
import type { IconName } from "./icons"

// Empty says what belongs here, why it is empty, and the one next step.
export function Empty({ icon, title, children, action }: { icon: IconName; title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} size={20} className="t3" />
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  )
}

interface FailureProps {
  error: unknown
  retry?: () => void
  title?: string
  list?: string // address of the list that something is in: where to go when there is no such thing
  remedy?: ReactNode // what helps where to try again does not
}

// Failure has cause, what was wrong with what was asked for, request id, and what to do.
export function Failure({ error, retry, title = t("Could not load this"), list, remedy }: FailureProps) {
  const failed = error instanceof Failed ? error : new Failed(0, "BUG", error instanceof Error ? error.message : String(error))
  return (
    <div className="empty" role="alert">
      <Icon name="fail" size={20} className="c-bad" />
      <h2>{title}</h2>
      <p>
        {failed.message}
        {failed.requestId && (
          <>
            {" "}
            <code>{failed.requestId}</code>
          </>
        )}
      </p>
      <Details of={failed.details} />
      {remedy}
      {failed.status === 404 && list ? (
        <Link className="btn" to={list}>
          {t("To the list")}
        </Link>
      ) : (
        retry && !remedy && <Button onClick={retry}>{t("Try again")}</Button>
      )}
    </div>
  )
}

// Problems lists what an answer found wrong, below the form it belongs to.
export function FormError({ error }: { error: unknown }) {
  if (!error) return null
  const failed = error instanceof Failed ? error : new Failed(0, "BUG", String(error))
  return (
    <div className="banner bad" role="alert">
      <Icon name="fail" />
      <div className="grow">
        {failed.message}
        {failed.requestId && <code className="t3 gap-l">{failed.requestId}</code>}
        <Details of={failed.details} />
      </div>
    </div>
  )
}

// fieldError is the message of an answer about one field, to stand below it.
export function fieldError(error: unknown, field: string): string | undefined {
  return error instanceof Failed ? error.details.find((d) => d.field === field)?.message : undefined
}

// useLate is false for the first 300 ms, so that what comes fast never flickers.
function useLate(): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return late
}

const widths = ["w-40", "w-60", "w-30", "w-50", "w-70", "w-40", "w-60", "w-30"]

export function Skeleton({ rows = 8, label = t("Loading") }: { rows?: number; label?: string }) {
  const late = useLate()
  return (
    <div className="skeleton" role="status" aria-label={label} aria-busy="true">
      {late &&
        Array.from({ length: rows }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
          <div className="skeleton-row" key={i}>
            <span className="skel w-10" />
            <span className={`skel ${widths[i % widths.length]}`} />
          </div>
        ))}
    </div>
  )
}
