// The fields of records and external identities, as a person calls them.
import { t } from "../text"

const names: Record<string, string> = {
  external_id: t("External id"),
  external_name: t("Name"),
  email: t("E-mail"),
  activity_type: t("Type"),
  period_type: t("Type"),
  moment: t("Moment"),
  sold_at: t("Sold"),
  cancelled_at: t("Cancelled"),
  is_retention: t("Retention"),
  contract_value: t("Contract value"),
  started_at: t("Started"),
  duration: t("Duration"),
  direction: t("Direction"),
  result: t("Result"),
  starts_at: t("From"),
  ends_at: t("To"),
  value: t("Value"),
  value_is_money: t("Value is money"),
  contact_key: t("Contact"),
  agent_external_identity: t("Agent"),
  proposition_external_identity: t("Proposition"),
  team_external_identity: t("Team"),
  project_external_identity: t("Project"),
  segment_external_identity: t("Segment"),
  "energy_meta.electricity_usage": t("Electricity used"),
  "energy_meta.electricity_return": t("Electricity returned"),
  "energy_meta.gas_usage": t("Gas used"),
  "energy_meta.connection_count": t("Connections"),
}

// fieldName is what a person reads for a field of the journal; one that is not known stands as it came.
export const fieldName = (field: string): string => names[field] ?? field.replaceAll("_", " ")
