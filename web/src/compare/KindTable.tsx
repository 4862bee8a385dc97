import { t } from "../text"
import { Value } from "../trace/Value"
import { DataTable } from "../ui/DataTable"
import { number } from "../ui/format"
import { capital, word } from "../ui/words"
import type { Kind } from "./model"
import { WeightMark } from "./Tally"

interface Props {
  label: string
  kinds: Kind[]
  selected: string | undefined
  onSelect: (kind: Kind) => void
  counted: string
  against?: string | undefined // what they are differences from
}

// KindTable is a row for each kind of change, with how many it is of and an example.
export function KindTable({ label, kinds, selected, onSelect, counted, against }: Props) {
  return (
    <>
      {against && <p className="t2 sec-p">{against}</p>}
      {kinds.some((k) => k.heldBack > 0) && (
        <p className="t2 sec-p">{t("Held back: the field is locked, or something newer has set it, so it stays as it is.")}</p>
      )}
      <div className="box scroll-x kinds">
        <DataTable
          label={label}
          rows={kinds}
          rowKey={(k) => k.key}
          selected={selected}
          onOpen={onSelect}
          columns={[
            { head: t("Change"), cell: (k) => <WeightMark is={k.weight} /> },
            {
              head: t("Record, field"),
              cell: (k) =>
                k.noun ? (
                  <span>
                    {nounWord(k.noun)}
                    {k.field && (
                      <>
                        , <code>{k.field}</code>
                      </>
                    )}
                  </span>
                ) : (
                  <span className="t2">{t("the whole run")}</span>
                ),
            },
            {
              head: t("What happens"),
              wide: true,
              cell: (k) => (
                <>
                  <span className="kind-what" title={k.what}>
                    {k.what}
                    {k.step && <code className="t3"> {k.step}</code>}
                    {k.heldBack > 0 && <span className="t3"> · {t("{n} held back", { n: k.heldBack })}</span>}
                  </span>
                  <span className="under-box">
                    <ExampleBrief kind={k} />
                  </span>
                </>
              ),
            },
            { head: counted, align: "end", cell: (k) => <span className="num">{number(k.count)}</span> },
            { head: t("Example"), from: "box", cell: (k) => <ExampleBrief kind={k} /> },
          ]}
        />
      </div>
    </>
  )
}

function ExampleBrief({ kind }: { kind: Kind }) {
  const e = kind.examples[0]
  if (!e) return null
  if (!kind.field) return <code className="t2">{e.externalId || e.delivery}</code>
  return (
    <span className="ex-brief">
      <span className="was">
        <Value of={e.before} />
      </span>
      <ins className="now">
        <Value of={e.after} />
      </ins>
    </span>
  )
}

// nounWord names a kind of thing: a sale, an agent's external identity.
export function nounWord(noun: string): string {
  const identity = /^(.+)_identity$/.exec(noun)?.[1]
  return capital(identity ? t("external identity of {kind}", { kind: word(identity) }) : word(noun))
}
