import type { V } from "../trace/api"
import { Value } from "../trace/Value"
import { Moment } from "../ui/Moment"

const moments = new Set(["moment", "sold_at", "cancelled_at", "started_at", "starts_at", "ends_at"])

// FieldValue is one value of a record's field as the journal holds it: a moment is a text there, an identity its id.
export function FieldValue({ field, of }: { field: string; of: V | undefined }) {
  if (typeof of === "string" && moments.has(field)) return <Moment at={of} as="full" />
  if (typeof of === "string" && field.endsWith("_external_identity")) return <code className="wrap">{of}</code>
  return <Value of={of} />
}
