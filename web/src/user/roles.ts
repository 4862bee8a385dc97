import { t } from "../text"
import type { Role } from "./api"

// What each role may do, from the least to the most.
export const roles: readonly { value: Role; label: string; may: string }[] = [
  { value: "viewer", label: t("viewer"), may: t("Sees everything but secrets, and changes nothing.") },
  { value: "member", label: t("member"), may: t("Also links identities, tests and runs again.") },
  { value: "admin", label: t("administrator"), may: t("Also changes providers, specs, settings, keys and users.") },
  { value: "owner", label: t("owner"), may: t("Also makes and changes owners.") },
]
