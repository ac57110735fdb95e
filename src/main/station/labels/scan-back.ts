/** Scanned labels against the slots they belong to, and labels that are thrown away. */
import type { LabelSettings, RequestResult, ScanBackView } from '../../../contract/index.ts'
import type { LabelRow } from '../../records/label-records.ts'
import type { Records } from '../../records/records.ts'
import type { Vault } from '../../security/vault.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { findScanned } from './scanned-label.ts'

export interface ScanDesk {
  readonly records: Records
  readonly vault: Vault
}

/** States of a label whose paper may be in somebody's hand. */
const ON_PAPER = ['printed', 'sent', 'in-doubt'] as const

/** The short mark by which an operator matches board and label: the MAC's last four digits. */
const unitMark = (mac: string): string => mac.replace(/[^0-9A-F]/giu, '').slice(-4)

/** What has to be scanned next, and whether the line is held. @param orderId of the order that is open */
export const scanBackView = async (
  records: Records,
  mode: LabelSettings['scanBack'],
  orderId: string | undefined,
): Promise<ScanBackView> => {
  const hold = await records.ask('scanHold')
  if (mode === 'off' || orderId === undefined) return { mode, left: 0, next: null, hold }
  const open = await records.ask('labelsToScan', { orderId })
  const [next] = open
  return {
    mode,
    left: open.length,
    next: next ? { labelId: next.id, slot: next.slot, serial: next.serial, mark: unitMark(next.mac) } : null,
    hold,
  }
}

const confirm = async ({ records }: ScanDesk, label: LabelRow, who: string): Promise<void> => {
  const at = Date.now()
  const { moved } = await records.ask('moveLabel', {
    id: label.id,
    from: ON_PAPER,
    to: 'confirmed',
    fault: null,
    proof: null,
    at,
  })
  if (moved) await records.ask('audit', { at, who, action: 'label confirmed', subject: label.id, detail: '' })
}

/**
 * A label was scanned. At a slot, where the station wants each label at its own: one of another unit holds the line.
 *
 * @param slot that it was scanned at; the next one that waits for a scan without
 * @throws RequestRefusal while the line is held, and for what is no label's code
 */
export const scanBack = async (
  desk: ScanDesk,
  mode: LabelSettings['scanBack'],
  orderId: string | undefined,
  scanned: string,
  slot: number | null,
  who: string,
): Promise<RequestResult<'label.confirm'>> => {
  const { records } = desk
  const label = await findScanned(desk, scanned)
  if (mode === 'slot' && orderId !== undefined) {
    if (await records.ask('scanHold')) throw new RequestRefusal('not-now', 'line-held')
    const open = await records.ask('labelsToScan', { orderId })
    const expected = slot === null ? open[0] : open.find((each) => each.slot === slot)
    if (expected && expected.id !== label?.id) {
      const at = Date.now()
      await records.ask('holdForScan', { expectedId: expected.id, scannedId: label?.id ?? null, who, at })
      const detail = JSON.stringify({ expected: expected.id, scanned: label?.id ?? null })
      await records.ask('audit', { at, who, action: 'wrong label scanned', subject: expected.serial, detail })
      return { labelId: label?.id ?? null, serial: label?.serial ?? null, held: true }
    }
  }
  if (!label) return { labelId: null, serial: null, held: false }
  await confirm(desk, label, who)
  return { labelId: label.id, serial: label.serial, held: false }
}

/** A scan into a carton proves that the label is at hand; where each is to be scanned at its slot, it does not take that's place. */
export const confirmAtCarton = async (
  desk: ScanDesk,
  mode: LabelSettings['scanBack'],
  scanned: string,
  who: string,
): Promise<LabelRow> => {
  const label = await findScanned(desk, scanned)
  if (!label) throw new RequestRefusal('not-found', 'label-not-here')
  if (mode !== 'slot') await confirm(desk, label, who)
  return label
}

/** @throws RequestRefusal when no unit has this code */
export const unitLabels = async (
  desk: ScanDesk,
  scanned: string,
): Promise<{ serial: string; labels: (LabelRow & { voided: boolean })[] }> => {
  const label = await findScanned(desk, scanned)
  if (!label) throw new RequestRefusal('not-found', 'label-not-here')
  return { serial: label.serial, labels: await desk.records.ask('labelsOfUnit', { mac: label.mac }) }
}

/** @returns the label to replace, when the one thrown away was its unit's current one */
export const voidScanned = async (
  desk: ScanDesk,
  scanned: string,
  labelId: string,
  reason: string,
  who: string,
): Promise<{ replace: string | null }> => {
  const { labels } = await unitLabels(desk, scanned)
  const label = labels.find(({ id }) => id === labelId)
  if (!label) throw new RequestRefusal('invalid', 'label-of-other-unit')
  const { voided } = await desk.records.ask('voidLabel', { labelId, reason, who, at: Date.now() })
  if (!voided) throw new RequestRefusal('not-now', 'label-not-to-void')
  return { replace: label.state === 'superseded' ? null : labelId }
}
