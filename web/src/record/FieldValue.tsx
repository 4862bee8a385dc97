import { Exact, type Num } from "../api/exact"
import { t } from "../text"
import type { V } from "../trace/api"
import { Value } from "../trace/Value"
import { Moment } from "../ui/Moment"
import { word } from "../ui/words"
import { fieldOf, inUnits } from "./fields"
import { IdentityById } from "./Whose"

interface Props {
  field: string
  of: V | undefined
  isMoney?: boolean // an amount of the record is money
  bare?: boolean // within something that is pressed as a whole: it has no link of its own
}

const isNumber = (v: V | undefined): v is Num => typeof v === "number" || v instanceof Exact

// FieldValue is one value of a record's field, in its unit, wherever it stands: on the record, in its history, its why, a trace, an
// undo. In the journal a moment is a text and an identity its id.
export function FieldValue({ field, of, isMoney, bare }: Props) {
  const f = fieldOf(field)
  if (field === "ends_at" && of === null) return <span className="tag live">{t("open")}</span>
  if (of === "") return <span className="t3">{t("empty")}</span>
  if (typeof of === "string" && f?.is === "moment") return <Moment at={of} as="full" />
  if (typeof of === "string" && f?.is === "identity") return <IdentityById id={of} kind={f.name.replace("_external_identity", "")} bare={bare} />
  if (typeof of === "string" && f?.is === "key") return <code className="wrap">{of}</code>
  if (typeof of === "string" && f?.is === "word") return <>{word(of)}</>
  if (typeof of === "string" && f) return <span className="wrap">{of}</span>
  if (typeof of === "boolean" && f?.is === "yesno") return <>{of ? t("yes") : t("no")}</>
  if (f && isNumber(of)) return <span className="num">{inUnits(f, of, isMoney)}</span>
  return <Value of={of} />
}
