import { t } from "../text"
import { Icon } from "../ui/Icon"
import { word } from "../ui/words"
import type { Expr, V } from "./api"
import { Value } from "./Value"

interface Line {
  key: string
  depth: number
  name: string // of the argument, where a name says more than the place
  expr?: Expr
  item?: { at: number; value: V }
  more?: number
}

// How many items of a map or filter are shown; a list may have 10,000.
const itemsShown = 20

function linesOf(expr: Expr, depth = 0, name = "", key = "0"): Line[] {
  const lines: Line[] = [{ key, depth, name, expr }]
  for (const [i, a] of (expr.arguments ?? []).entries())
    lines.push(...linesOf(a.expr, depth + 1, /^arguments\[\d+\]$|^(value|left|right|text|list)$/.test(a.name) ? "" : a.name, `${key}.${i}`))
  for (const [i, item] of (expr.items ?? []).slice(0, itemsShown).entries()) {
    lines.push({ key: `${key}/${i}`, depth: depth + 1, name: "", item: { at: i + 1, value: item.value } })
    if (item.expr) lines.push(...linesOf(item.expr, depth + 2, "", `${key}/${i}.0`))
  }
  const hidden = (expr.items?.length ?? 0) - itemsShown
  if (hidden > 0) lines.push({ key: `${key}/more`, depth: depth + 1, name: "", more: hidden })
  return lines
}

export function isSimple(expr: Expr): boolean {
  return (expr.arguments ?? []).length === 0 && (expr.items ?? []).length === 0
}

// ExprTree is an expression with the result of each part, down to variables and literals.
export function ExprTree({ expr, label }: { expr: Expr; label: string }) {
  return (
    <ul className="tree" aria-label={label}>
      {linesOf(expr).map((line) => (
        <li key={line.key} className={`et ${line.expr?.error ? "is-bad" : ""} ${line.expr && !line.expr.evaluated ? "skip" : ""}`}>
          <span className="ex">
            {Array.from({ length: Math.min(line.depth, 16) }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: guides are all alike
              <i className="guide" key={i} />
            ))}
            {line.name && <span className="named">{line.name}=</span>}
            {line.expr && <Head expr={line.expr} />}
            {line.item && <span className="t3">{t("item {n}", { n: line.item.at })}</span>}
            {line.more && <span className="t3">{t("{n, plural, one {# more item} other {# more items}}", { n: line.more })}</span>}
          </span>
          <span className="res">
            {line.expr && <Result expr={line.expr} />}
            {line.item && <Value of={line.item.value} />}
          </span>
          {line.expr?.remarks?.map((r) => (
            <span key={r.code + r.message} className="remark t3">
              <Icon name="info" size={12} /> {r.message}
            </span>
          ))}
        </li>
      ))}
    </ul>
  )
}

function Head({ expr }: { expr: Expr }) {
  if (expr.type === "var") return <span className="var">{expr.formula}</span>
  if (expr.type === "literal") return <span className="lit raw">{expr.formula}</span>
  return <b>{expr.type}</b>
}

function Result({ expr }: { expr: Expr }) {
  if (expr.error)
    return (
      <span className="st bad fs-12" title={expr.error.message}>
        <Icon name="fail" />
        {word(expr.error.code)}
      </span>
    )
  if (!expr.evaluated) return <span className="t3">{t("not evaluated")}</span>
  if (expr.type === "literal") return null
  return <Value of={expr.value} />
}
