import { Link } from "@tanstack/react-router"
import { t } from "../../text"
import { Icon } from "../../ui/Icon"
import type { IconName } from "../../ui/icons"
import { useMay } from "../../ui/may"
import { Lead, Page } from "../../ui/Page"
import { steps, type There } from "./steps"

const words: { icon: IconName; name: string; is: string }[] = [
  { icon: "plug", name: t("Provider"), is: t("One account of an outside system, with its key.") },
  { icon: "inbox", name: t("Source"), is: t("Brings records of one shape. Each one is stored before it is acknowledged.") },
  { icon: "flow", name: t("Processor"), is: t("Reads one record, decides what to write, and explains each step.") },
  { icon: "rows", name: t("Records"), is: t("Sales, calls, activities and periods, with who and why.") },
  { icon: "ident", name: t("External identities"), is: t("Say once that “usr_7f21” is Sanne. Earlier records count too.") },
]

// FirstRun is the way from an empty install to the first records.
export function FirstRun(there: There) {
  const all = steps(there)
  const next = all.findIndex((s) => !s.done)
  const manages = useMay("users:manage")
  const may = useMay("configuration:write")
  return (
    <Page
      title={t("Home")}
      actions={
        manages && (
          <Link className="btn btn-sm" to="/settings/users" search={{ new: "1" } as never}>
            <Icon name="useradd" />
            {t("Invite people")}
          </Link>
        )
      }
    >
      <div className="scroll pad">
        <div className="first">
          <div>
            <Lead title={t("Let the first deal arrive")}>
              {t("Six steps, about ten minutes. Nothing counts for anybody until you switch the last one on.")}
            </Lead>
            <ol className="six">
              {all.map((s, i) => (
                <li key={s.title} className={i === next ? "is-next" : ""} aria-current={i === next ? "step" : undefined}>
                  <span className={`six-n ${s.done ? "is-done" : ""}`} aria-hidden="true">
                    {s.done ? <Icon name="check" size={14} /> : i + 1}
                  </span>
                  <div className="grow">
                    <p className="medium">
                      {s.title}
                      {s.done && <span className="vh"> ({t("done")})</span>}
                    </p>
                    <p className="t2">{s.text}</p>
                  </div>
                  {i === next && may && (
                    <Link className="btn btn-primary" to={s.to} search={(s.search ?? {}) as never}>
                      {s.act}
                    </Link>
                  )}
                </li>
              ))}
            </ol>
          </div>
          <section>
            <h2>{t("How a deal becomes a number")}</h2>
            <ul className="becomes">
              {words.map((x) => (
                <li key={x.name}>
                  <span className="becomes-i">
                    <Icon name={x.icon} />
                  </span>
                  <div>
                    <p className="medium">{x.name}</p>
                    <p className="t2 fs-12">{x.is}</p>
                  </div>
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </Page>
  )
}
