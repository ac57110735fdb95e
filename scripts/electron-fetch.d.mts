export const electronBinary: () => string | undefined
export const tryElectronOnce: (args: readonly string[]) => Promise<{ binary?: string | undefined; why?: string }>
