import { useQuery } from "@tanstack/react-query"
import { kinds } from "../../record/kinds"
import { settingsQuery } from "../../settings/api"
import { PseudonymKey } from "../../settings/PseudonymKey"
import { RawDays } from "../../settings/RawDays"
import { SettingsForm } from "../../settings/SettingsForm"
import { t } from "../../text"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Page } from "../../ui/Page"
import { SettingsTabs } from "./SettingsTabs"

export default function SettingsPage() {
  const query = useQuery(settingsQuery)
  return (
    <Page title={t("Settings")}>
      <SettingsTabs />
      <div className="scroll pad">
        {query.isPending ? (
          <Skeleton />
        ) : query.isError ? (
          <Failure error={query.error} retry={() => query.refetch()} />
        ) : (
          <div className="narrow stack-l">
            <SettingsForm key={query.data.name + query.data.time_zone + query.data.country} settings={query.data} kinds={kinds} />
            <RawDays settings={query.data} />
            <PseudonymKey />
          </div>
        )}
      </div>
    </Page>
  )
}
