import { useNavigate } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { keyOf } from "../ui/keys"
import { plainKey } from "../ui/plainKey"
import { useNeighbours } from "./neighbours"

// NextAndPrevious goes through the list that somebody came from: J and K, as in the list itself.
export function NextAndPrevious({ list, id }: { list: string; id: string }) {
  const [going, setGoing] = useState<"newer" | "older">()
  const beside = useNeighbours(list, id, going)
  const [before, after] = [beside?.newer, beside?.older]
  const navigate = useNavigate()
  const go = (way: "newer" | "older") => {
    const to = beside?.[way]
    if (!to) return
    setGoing(way)
    navigate({ to: `/executions/${to}`, search: (list ? { list } : {}) as never })
  }
  const latest = useRef(go)
  latest.current = go
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const does = keyOf("trace", e)
      if (!plainKey(e) || (does !== "nextRun" && does !== "lastRun")) return
      e.preventDefault()
      latest.current(does === "nextRun" ? "older" : "newer")
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [])
  // What was given up on is told apart from the end of the list.
  const far = beside?.whole === false
  const none = t("None found among the 100,000 executions beside this one")
  return (
    <span className="btn-row from-sm">
      <Button
        size="sm"
        icon="up"
        label={far && !before ? none : t("Previous execution of the list (K)")}
        disabled={!before}
        onClick={() => go("newer")}
      />
      <Button
        size="sm"
        icon="down"
        label={far && !after ? none : t("Next execution of the list (J)")}
        disabled={!after}
        onClick={() => go("older")}
      />
    </span>
  )
}
