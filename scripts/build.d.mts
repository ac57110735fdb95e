export const hasSources: () => boolean
export const ensureBuilt: (options?: { quiet?: boolean }) => void
