import "./styles/index.css"
import { settle, wanted } from "./text"

// The language is settled first, so that every other module may use its texts as it is loaded.
await settle(wanted())
const { show } = await import("./app/App")
show()
