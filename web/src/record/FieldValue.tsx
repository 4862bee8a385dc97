import { Link } from "@tanstack/react-router"
import { Exact, type Num } from "../api/exact"
import { t } from "../text"
import type { V } from "../trace/api"
import { Value } from "../trace/Value"
import { Moment } from "../ui/Moment"
import { word } from "../ui/words"
import { fieldOf, inUnits } from "./fields"

const isNumber = (v: V | undefined): v is Num => typeof v === "number" || v instanceof Exact

// FieldValue is one value of a record's field as the journal holds it, in its unit: a moment is a text there, an identity its id.
// In something that is pressed as a whole it has no link of its own.
export function FieldValue({ field, of, isMoney, bare }: { field: string; of: V | undefined; isMoney?: boolean; bare?: boolean }) {
  const f = fieldOf(field)
  if (typeof of === "string" && f?.is === "moment") return <Moment at={of} as="full" />
  if (typeof of === "string" && field.endsWith("_external_identity"))
    return bare ? (
      <code className="wrap">{of}</code>
    ) : (
      <Link className="row-link" to="/identities" search={{ view: "all", id: of } as never}>
        <code className="wrap">{of}</code>
      </Link>
    )
  if (typeof of === "string" && f?.is === "key") return <code className="wrap">{of}</code>
  if (typeof of === "string" && f?.is === "word") return <>{word(of)}</>
  if (typeof of === "string" && f && of !== "") return <span className="wrap">{of}</span>
  if (typeof of === "boolean" && f?.is === "yesno") return <>{of ? t("yes") : t("no")}</>
  if (f && isNumber(of)) return <span className="num">{inUnits(f, of, isMoney)}</span>
  return <Value of={of} />
}
