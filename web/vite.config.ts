import react from "@vitejs/plugin-react"
import { defineConfig } from "vitest/config"

// Where the API runs while the UI is developed with `npm run dev`.
const server = process.env.DEALWRIGHT_URL ?? "http://127.0.0.1:8080"

export default defineConfig({
  plugins: [react()],
  build: {
    // The server's content policy allows files of its own origin only, so nothing becomes a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    rolldownOptions: {
      output: {
        // What many pages share comes in a few files, not in one for each module: a first visit asks for less. The texts stay
        // by themselves: what they come with would be loaded before the language is settled, and its own texts be English.
        codeSplitting: {
          groups: [
            { name: "text", test: /\/web\/src\/text\/index/, priority: 1 },
            { name: "libraries", test: /node_modules/, minShareCount: 8 },
            { name: "shared", test: /\/web\/src\//, minShareCount: 5 },
          ],
        },
      },
    },
  },
  server: { proxy: { "/v1": server, "/openapi.json": server } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
})
