import type { Of } from "../api/client"
import type { V } from "../trace/api"

// A change is one line of the journal: what changed in a record, and what was there before.
export type JournalChange = Of<"RecordChange", { fields: Of<"Field", { before: V }>[] }>
