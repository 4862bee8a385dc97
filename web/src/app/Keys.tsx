import { t } from "../text"
import { Dialog } from "../ui/Dialog"

const keys: { title: string; rows: [string[], string][] }[] = [
  {
    title: t("Everywhere"),
    rows: [
      [["Ctrl", "K"], t("Go to a page or an execution")],
      [["/"], t("Search on this page")],
      [["?"], t("This list")],
      [["Esc"], t("Close what lies on top")],
    ],
  },
  {
    title: t("Lists"),
    rows: [
      [["j"], t("Next row")],
      [["k"], t("Previous row")],
      [["Enter"], t("Open the row")],
    ],
  },
  {
    title: t("Unlinked external identities"),
    rows: [
      [["N"], t("Create it and link")],
      [["I"], t("Ignore it")],
    ],
  },
  {
    title: t("Trace"),
    rows: [
      [["j", "k"], t("Next and previous step")],
      [[",", "."], t("Previous and next item of the loop")],
      [["f"], t("Failed steps only")],
    ],
  },
  {
    title: t("Spec"),
    rows: [
      [["Ctrl", "S"], t("Check and save")],
      [["Esc", "Tab"], t("Leave the editor")],
    ],
  },
]

export default function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("Keyboard")} open onClose={onClose}>
      <div className="keys">
        {keys.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.rows.map(([combo, does]) => (
                <div key={does} className="r">
                  <dt className="r r-1">
                    {combo.map((k) => (
                      <kbd className="kbd" key={k}>
                        {k}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
