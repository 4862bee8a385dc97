import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components"
import { t } from "../text"
import { Icon } from "./Icon"

export interface ComboItem {
  id: string
  name: string
  note?: string
}

interface Props {
  label: string
  placeholder: string
  items: ComboItem[]
  text: string
  onText: (text: string) => void
  chosen: string | null
  onChoose: (id: string | null) => void
}

// Combo finds one of many by typing a part of its name.
export function Combo({ label, placeholder, items, text, onText, chosen, onChoose }: Props) {
  return (
    <ComboBox
      className="field combo"
      items={items}
      inputValue={text}
      onInputChange={onText}
      value={chosen}
      onChange={(key) => onChoose(key === null ? null : String(key))}
      menuTrigger="focus"
      allowsEmptyCollection
    >
      <Label className="lab">{label}</Label>
      <span className="input">
        <Icon name="search" />
        <Input className="bare" placeholder={placeholder} />
      </span>
      <Popover className="popover combo-pop">
        <ListBox className="menu" renderEmptyState={() => <p className="pad-s t2">{t("No name has that.")}</p>}>
          {(item: ComboItem) => (
            <ListBoxItem id={item.id} textValue={item.name}>
              <span className="trunc">{item.name}</span>
              {item.note && <span className="t3 push">{item.note}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
