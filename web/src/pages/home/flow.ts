// What went where in a stretch of time, as columns of nodes with lines between them.
import type { HomeData } from "../../pulse/api"
import { kinds } from "../../record/kinds"
import { t } from "../../text"
import { whole } from "./stretch"

export interface Node {
  id: string
  name: string
  is?: "silent" | "burst" | "failing" // what is not as it should be
  to?: string
  search?: Record<string, string>
}

export interface Edge {
  from: string
  to: string
  n: number
  bad: boolean // some of it failed
  search?: Record<string, string> // executions behind it
}

export interface FlowGraph {
  columns: [Node[], Node[], Node[], Node[]] // providers, sources, processors, kinds of record
  edges: Edge[]
  more: boolean // there are more sources than are shown
}

type Given = Pick<HomeData, "sources" | "flow" | "edges">

// graphOf takes the sources through which most came, at most so many, and all that follows from those.
export function graphOf({ sources, flow, edges: times }: Given, most = 12): FlowGraph {
  const when = whole(times)
  const [providers, from, processors, made] = [new Map<string, Node>(), new Map<string, Node>(), new Map<string, Node>(), new Map<string, Node>()]
  const edges: Edge[] = []
  const busy = sources.filter((s) => s.total > 0).sort((a, b) => b.total - a.total)
  const odd = (state: string) => (state === "silent" || state === "burst" ? { is: state as "silent" | "burst" } : {})
  for (const s of busy.slice(0, most)) {
    const { id, name } = s.provider
    providers.set(id, { id, name, to: `/providers/${id}` })
    const source = s.source?.id ?? `fixed ${id}`
    const narrow: Record<string, string> = s.source ? { source_id: s.source.id } : { provider_id: id }
    from.set(source, {
      id: source,
      name: s.source?.name ?? t("Fixed webhooks"),
      ...odd(s.state),
      to: "/deliveries",
      search: { ...narrow, ...when },
    })
    edges.push({ from: id, to: source, n: s.total, bad: false })
    if (!s.source && flow.records.some((r) => r.provider_id === id)) {
      processors.set(source, { id: source, name: t("no processor") })
      edges.push({ from: source, to: `by ${source}`, n: s.total, bad: false })
    }
  }
  for (const r of flow.runs) {
    if (!from.has(r.source_id) || r.executions === 0) continue
    const { id, name } = r.processor
    const failing = processors.get(id)?.is === "failing" || r.failed > 0
    processors.set(id, { id, name, ...(failing ? { is: "failing" as const } : {}), to: `/processors/${id}` })
    edges.push({
      from: r.source_id,
      to: `by ${id}`,
      n: r.executions,
      bad: r.failed > 0,
      search: { source_id: r.source_id, processor_id: id, ...when },
    })
  }
  for (const r of flow.records) {
    const by = r.processor_id ?? `fixed ${r.provider_id}`
    const kind = kinds.find((k) => k.id === r.kind)
    if (!processors.has(by) || !kind) continue
    made.set(kind.id, { id: kind.id, name: kind.title, to: `/${kind.path}` })
    edges.push({ from: `by ${by}`, to: kind.id, n: r.records, bad: false })
  }
  const nodes = (of: Map<string, Node>, prefix = "") => [...of.values()].map((n) => ({ ...n, id: prefix + n.id }))
  return { columns: [nodes(providers), nodes(from), nodes(processors, "by "), nodes(made)], edges, more: busy.length > most }
}
