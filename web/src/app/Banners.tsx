import { useIsFetching, useQueryClient } from "@tanstack/react-query"
import { useRouterState } from "@tanstack/react-router"
import { useEffect, useState, useSyncExternalStore } from "react"
import { Failed } from "../api/client"
import { isExpecting, onExpecting } from "../api/files"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { entryOf, thisEntry } from "./build"

const onLine = (changed: () => void) => {
  for (const e of ["online", "offline"]) addEventListener(e, changed)
  return () => {
    for (const e of ["online", "offline"]) removeEventListener(e, changed)
  }
}

// useOffline is whether the server cannot be asked: the browser says so, or what was asked last got no answer.
function useOffline(): boolean {
  const online = useSyncExternalStore(onLine, () => navigator.onLine)
  const queries = useQueryClient()
  const [unanswered, setUnanswered] = useState(false)
  useEffect(
    () =>
      queries.getQueryCache().subscribe((event) => {
        if (event.type !== "updated") return
        if (event.action.type === "success") setUnanswered(false)
        else if (event.action.type === "error" && event.action.error instanceof Failed && event.action.error.status === 0) setUnanswered(true)
      }),
    [queries],
  )
  return !online || unanswered
}

// How often the server is asked whether it has a newer build, in milliseconds; also whenever the window is looked at again.
const looks = 300_000

function useStale(): boolean {
  const [stale, setStale] = useState(false)
  useEffect(() => {
    const mine = thisEntry(document)
    if (!mine) return
    const look = async () => {
      try {
        const answer = await fetch("/", { headers: { Accept: "text/html" }, cache: "no-cache" })
        const now = answer.ok ? entryOf(await answer.text()) : undefined
        if (now) setStale(now !== mine)
      } catch {
        // no answer: the other banner says so
      }
    }
    const seen = () => document.visibilityState === "visible" && look()
    const timer = setInterval(look, looks)
    document.addEventListener("visibilitychange", seen)
    return () => {
      clearInterval(timer)
      document.removeEventListener("visibilitychange", seen)
    }
  }, [])
  return stale
}

// Banners are conditions of the whole app. What was typed stays where it is; nothing is reloaded by itself.
export function Banners() {
  const expecting = useSyncExternalStore(onExpecting, isExpecting)
  const offline = useOffline() || expecting
  const going = useRouterState({ select: (s) => s.isLoading }) // not where a link was only pointed at
  const stale = useStale()
  const queries = useQueryClient()
  const asking = useIsFetching() > 0
  return (
    <div className="banners" aria-live="polite">
      {offline && (
        <div className="banner warn" role="status">
          <Icon name="warnf" />
          <span>
            {expecting && going
              ? t(
                  "The server does not answer. The page you asked for opens as soon as it does; until then this one stays, with what you typed in it.",
                )
              : t("The server does not answer. What you see is from before, and what you type here is kept.")}
          </span>
          <Button size="xs" busy={asking} onClick={() => queries.refetchQueries({ type: "active" })}>
            {t("Try again")}
          </Button>
        </div>
      )}
      {stale && !offline && (
        <div className="banner" role="status">
          <Icon name="info" />
          <span>{t("A newer version of Dealwright runs on the server. Reload when it suits you.")}</span>
          <Button size="xs" onClick={() => location.reload()}>
            {t("Reload")}
          </Button>
        </div>
      )}
    </div>
  )
}
