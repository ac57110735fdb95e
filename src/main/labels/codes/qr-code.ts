/** QR codes (ISO/IEC 18004), drawn by the package `qrcode`. */
import { create, type QRCodeErrorCorrectionLevel } from 'qrcode'
import type { ModuleMatrix } from './module-matrix.ts'

/** Error-correction levels that a label may have: 15, 25 and 30 % of the codewords can be lost. */
export type QrLevel = 'M' | 'Q' | 'H'

export interface QrCode {
  readonly matrix: ModuleMatrix
  readonly level: QrLevel
  readonly version: number
}

/** Light modules around a QR code (ISO/IEC 18004, section 9.1). */
export const QR_QUIET_ZONE = 4

const STRONGER: readonly QrLevel[] = ['Q', 'H']

const draw = (text: string, level: QRCodeErrorCorrectionLevel, version?: number) =>
  create(text, version === undefined ? { errorCorrectionLevel: level } : { errorCorrectionLevel: level, version })

/** Does the text fit this version at this level? The library says so by throwing. */
const drawIfFits = (text: string, level: QrLevel, version: number) => {
  try {
    return draw(text, level, version)
  } catch {
    return undefined
  }
}

const levels = new Map<string, QrLevel>()

/**
 * The smallest symbol at level M, at the strongest level that does not make it larger: a Matter payload (22 characters) is
 * version 2 at level Q.
 *
 * @throws Error when no version holds the text
 */
export const encodeQr = (text: string): QrCode => {
  // The level depends on length and character set only; a line prints thousands of payloads of one kind.
  const kind = /^[0-9A-Z $%*+\-./:]*$/u.test(text) ? `alphanumeric ${text.length}` : undefined
  let level = kind === undefined ? undefined : levels.get(kind)
  let code = draw(text, level ?? 'M')
  if (level === undefined) {
    level = 'M'
    for (const stronger of STRONGER) {
      const drawn = drawIfFits(text, stronger, code.version)
      if (!drawn) break
      code = drawn
      level = stronger
    }
    if (kind !== undefined && levels.size < 1000) levels.set(kind, level)
  }
  return {
    matrix: { size: code.modules.size, dark: code.modules.data },
    level,
    version: code.version,
  }
}
