import { Link } from "@tanstack/react-router"
import type { HomeData } from "../../pulse/api"
import { t } from "../../text"
import { number } from "../../ui/format"
import { Icon } from "../../ui/Icon"
import { Section } from "../../ui/Page"
import { type Edge, graphOf, type Node } from "./flow"

const widest = 14 // pixels, of the busiest line

// FlowMap is what went where: the wider a line, the more.
export function FlowMap({ data }: { data: HomeData }) {
  const { columns, edges, more } = graphOf(data)
  const heads = [t("Provider"), t("Source"), t("Processor"), t("Records")]
  const most = Math.max(1, ...edges.map((e) => e.n))
  return (
    <Section
      title={t("What goes where")}
      action={more && <span className="t3 fs-12">{t("The busiest twelve sources are shown; the table has all.")}</span>}
    >
      {edges.length === 0 ? (
        <p className="t2">{t("Nothing came in in this time.")}</p>
      ) : (
        <div className="flow-box">
          <div className="flow">
            {columns.map((nodes, i) => (
              <Column key={heads[i]} head={heads[i] ?? ""} nodes={nodes} edges={edges} next={columns[i + 1]} most={most} />
            ))}
          </div>
        </div>
      )}
    </Section>
  )
}

function Column({ head, nodes, edges, next, most }: { head: string; nodes: Node[]; edges: Edge[]; next: Node[] | undefined; most: number }) {
  return (
    <>
      <div className="flow-col">
        <p className="t3 fs-12">{head}</p>
        <ul>
          {nodes.map((n) => (
            <li key={n.id}>
              <Told node={n} />
            </li>
          ))}
        </ul>
      </div>
      {next && (
        <svg className="flow-lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          {edges.map((e) => {
            const [from, to] = [nodes.findIndex((n) => n.id === e.from), next.findIndex((n) => n.id === e.to)]
            if (from < 0 || to < 0) return null
            const [a, b] = [((from + 0.5) * 100) / nodes.length, ((to + 0.5) * 100) / next.length]
            return (
              <path
                key={`${e.from} ${e.to}`}
                className={e.bad ? "flow-line bad" : "flow-line"}
                d={`M0 ${a}C50 ${a} 50 ${b} 100 ${b}`}
                strokeWidth={Math.max(1, (widest * e.n) / most)}
                vectorEffect="non-scaling-stroke"
              >
                <title>{number(e.n)}</title>
              </path>
            )
          })}
        </svg>
      )}
    </>
  )
}

function Told({ node }: { node: Node }) {
  const words = { silent: t("silent"), burst: t("burst"), failing: t("failing") }
  return (
    <span className="flow-node">
      {node.is && (
        <span className={node.is === "burst" ? "c-warn" : "c-bad"} title={words[node.is]}>
          <Icon name={node.is === "burst" ? "warnf" : "fail"} size={14} />
          <span className="vh">{words[node.is]}: </span>
        </span>
      )}
      {node.to ? (
        <Link className="row-link trunc" to={node.to} search={(node.search ?? {}) as never}>
          {node.name}
        </Link>
      ) : (
        <span className="t2 trunc">{node.name}</span>
      )}
    </span>
  )
}
