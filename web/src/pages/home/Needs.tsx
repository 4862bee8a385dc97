import { Link } from "@tanstack/react-router"
import { entityKinds } from "../../entity/kinds"
import type { Need } from "../../pulse/api"
import { t } from "../../text"
import { number } from "../../ui/format"
import { Icon } from "../../ui/Icon"
import type { IconName } from "../../ui/icons"
import { Moment } from "../../ui/Moment"

interface Told {
  icon: IconName
  tone: string
  title: string
  text: string
  act: string
  to: string
  search?: Record<string, string>
}

function told(n: Need): Told {
  const name = n.thing?.name ?? ""
  const count = number(n.count) + (n.more ? "+" : "")
  switch (n.kind) {
    case "failing":
      return {
        icon: "fail",
        tone: "c-bad",
        title: t("{n, plural, one {# execution fails} other {# executions fail the same way}}", { n: n.count }),
        text: `${name}: ${n.message ?? n.code ?? ""}`,
        act: t("Open group"),
        to: "/executions",
        search: { status: "failed", processor_id: n.thing?.id ?? "", ...(n.code ? { error_code: n.code } : {}) },
      }
    case "unlinked": {
      const kind = entityKinds.find((k) => k.id === n.entity_kind)
      return {
        icon: "ident",
        tone: "",
        title: t("{of, plural, one {{count} {one} is} other {{count} {many} are}} not linked", {
          of: n.more ? 2 : n.count,
          count,
          one: kind?.one ?? "",
          many: kind?.many ?? "",
        }),
        text: t("Their records count for nobody yet."),
        act: t("Link"),
        to: "/identities",
        search: { kind: n.entity_kind ?? "" },
      }
    }
    case "suspended":
      return {
        icon: "warnf",
        tone: "c-warn",
        title: t("{name} is suspended", { name }),
        text: t("Its saved spec no longer checks. Deliveries wait until it is saved again."),
        act: t("Open the processor"),
        to: `/processors/${n.thing?.id}`,
      }
    case "paused":
      return {
        icon: "warnf",
        tone: "c-warn",
        title: t("Enrichments of {name} are paused", { name }),
        text: n.message ?? "",
        act: t("Open the provider"),
        to: `/providers/${n.thing?.id}`,
      }
    default: {
      const why: Record<string, string> = {
        incomplete_link: t("A link to a source lacks a constant."),
        suspended: t("Its saved spec no longer checks."),
        disabled: t("It is disabled."),
        asked: t("An answer is awaited."),
      }
      return {
        icon: "wait",
        tone: "",
        title: t("{n, plural, one {# execution waits} other {# executions wait}} for {name}", { n: n.count, name }),
        text: why[n.reason ?? ""] ?? "",
        act: t("Open the processor"),
        to: `/processors/${n.thing?.id}`,
        ...(n.reason === "incomplete_link" && { search: { tab: "sources" } }),
      }
    }
  }
}

// Needs is what a person should look at, each with the one thing to do.
export function Needs({ needs }: { needs: Need[] }) {
  if (needs.length === 0) return <p className="t2">{t("Failing groups, identities that are not linked and what waits for somebody show up here.")}</p>
  return (
    <ul className="needs">
      {needs.map((n) => {
        const x = told(n)
        return (
          <li className="need" key={`${n.kind} ${n.reason} ${n.entity_kind} ${n.thing?.id} ${n.code} ${n.instruction_id} ${n.execution_id}`}>
            <Icon name={x.icon} className={x.tone} />
            <div className="grow">
              <p className="medium">{x.title}</p>
              {x.text && <p className="t2 wrap">{x.text}</p>}
              <div className="r r-2">
                <span className="t3 fs-12 grow">
                  {n.since && (
                    <>
                      {t("since")} <Moment at={n.since} />
                    </>
                  )}
                </span>
                <Link className="btn btn-xs" to={x.to} search={(x.search ?? {}) as never}>
                  {x.act}
                </Link>
              </div>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
