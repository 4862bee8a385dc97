import { defineConfig } from "vitest/config"

// Browser tests and screenshots against a running server: DEALWRIGHT_URL, DEALWRIGHT_EMAIL, DEALWRIGHT_PASSWORD.
export default defineConfig({
  test: { include: ["e2e/**/*.e2e.ts"], environment: "node", fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 },
})
