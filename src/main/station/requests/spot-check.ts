/** A spot check of one board in the inspection slot: read, compared with its label and the records, and kept. */
import { passcodeMark } from '../../identities/make-identity.ts'
import {
  checkUnit,
  isAllRight,
  readLabelText,
  type CheckFinding,
  type DeviceFacts,
  type LabelClaim,
  type RecordedFacts,
} from '../../inspection/check-unit.ts'
import type { DataFolder } from '../data-folder.ts'

export interface SpotCheck {
  readonly right: boolean
  readonly mac: string | null
  readonly serial: string | null
  readonly findings: readonly CheckFinding[]
}

/** A manual pairing code holds a part of the discriminator only; the device has the whole of it. */
const recordOf = async (
  { records, vault }: Pick<DataFolder, 'records' | 'vault'>,
  label: LabelClaim,
  device: DeviceFacts,
): Promise<RecordedFacts | null> => {
  const discriminator = label.discriminator ?? device.factory.discriminator
  if (discriminator === undefined) return null
  const mark = passcodeMark(vault, label.passcode, discriminator)
  return (await records.ask('unitOfPasscode', { mark })) ?? null
}

/**
 * @param labelText as scanned: QR or manual pairing code
 * @param data records to ask and to keep the result in; without, label and device are compared alone
 * @throws LabelTextError when the text is no code of a label
 */
export const spotCheck = async (
  labelText: string,
  device: DeviceFacts,
  data: Pick<DataFolder, 'records' | 'vault'> | undefined,
  who: string,
): Promise<SpotCheck> => {
  const label = readLabelText(labelText)
  const findings = checkUnit(label, device, data ? await recordOf(data, label, device) : undefined)
  const right = isAllRight(findings)
  const serial = device.factory.serialNumber ?? null
  if (data)
    await data.records.ask('keepInspection', {
      at: Date.now(),
      who,
      mac: device.mac,
      serial,
      verdict: right ? 'right' : 'wrong',
      findings: JSON.stringify(findings),
    })
  return { right, mac: device.mac, serial, findings }
}
