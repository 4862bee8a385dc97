import { t } from "../text"
import { number } from "../ui/format"
import { Moment } from "../ui/Moment"
import type { ProviderKey } from "./api"

export function KeyList({ keys, now = new Date() }: { keys: ProviderKey[]; now?: Date }) {
  return (
    <div className="box">
      <table className="tbl" aria-label={t("Keys")}>
        <thead>
          <tr>
            <th scope="col">{t("Key")}</th>
            <th scope="col">{t("Made")}</th>
            <th scope="col">{t("Works until")}</th>
            <th scope="col">{t("Last used")}</th>
            <th scope="col" className="n">
              {t("Uses")}
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((k) => (
            <tr key={k.id}>
              <td>
                <code>••••••••{k.hint}</code>
              </td>
              <td>
                <Moment at={k.created_at} />
              </td>
              <td>
                {k.expires_at ? (
                  <>
                    <Moment at={k.expires_at} />{" "}
                    {new Date(k.expires_at) < now ? (
                      <span className="tag">{t("ended")}</span>
                    ) : (
                      <span className="tag warn">{t("being replaced")}</span>
                    )}
                  </>
                ) : (
                  t("replaced by a new one")
                )}
              </td>
              <td>{k.last_used_at ? <Moment at={k.last_used_at} /> : <span className="t3">{t("never")}</span>}</td>
              <td className="n">{number(k.uses)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
