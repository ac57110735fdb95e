/** The set-up is checked as far as it is filled in: each part by itself, and the whole where nothing is missing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SetUpInput, type RequestResult, type SetUpCheck } from '../../src/contract/index.ts'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { resource } from '../../src/main/resources.ts'
import { openStations, type Stations } from '../../src/main/station/stations.ts'

let folder = ''
let stations: Stations
let whole: SetUpInput
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-set-up-'))
  stations = await openStations({ host: 'web', mode: 'production', folder, where: 'test', pace: 20 })
  const releaseFolder = join(folder, 'release')
  await writeDemoRelease(releaseFolder, { appSize: 60_000 })
  whole = SetUpInput.parse({
    stationName: 'B',
    lineName: '2',
    slotPorts: ['socket://127.0.0.1:4001'],
    printer: null,
    product: {
      name: 'Aurora Lamp',
      vendorName: 'Aurora',
      vendorId: 0xfff1,
      productId: 0x8000,
      serialPrefix: 'AL-',
    },
    orderNumber: 'WO-1',
    quantity: 10,
    releaseFolder,
    factoryPartition: null,
    paiCertificate: resource('demo', 'test-pai-cert.pem'),
    paiKey: resource('demo', 'test-pai-key.pem'),
    certificationDeclaration: null,
    testBuild: true,
  })
})
afterAll(async () => {
  await stations.close()
  rmSync(folder, { recursive: true })
})

const check = async (input: SetUpCheck): Promise<string[]> => {
  const outcome = await stations.call('setUp.check', input)
  if (!outcome.ok) throw new Error(outcome.error.message)
  const { findings } = outcome.result as RequestResult<'setUp.check'>
  return findings.map(({ field, ok, said }) => `${ok ? '+' : '-'} ${field}: ${said}`)
}

test('nothing filled in, nothing found', async () => {
  expect(await check({})).toEqual([])
})

test('each part by itself', async () => {
  expect(await check({ slotPorts: ['sim:1', '/dev/none', '/dev/none', 'socket://127.0.0.1:1'] })).toEqual([
    '- slotPorts.0: port-simulated',
    '- slotPorts.1: port-missing',
    '- slotPorts.2: port-twice',
    '+ slotPorts.3: port-tried-later',
  ])
  for (const port of ['socket://10.0.0.7', 'socket://10.0.0.7:0', 'rfc2217://:4001', 'http://10.0.0.7:4001'])
    expect(await check({ slotPorts: [port] })).toEqual(['- slotPorts.0: port-no-address'])
  expect(await check({ slotPorts: ['rfc2217://[::1]:4001'] })).toEqual(['+ slotPorts.0: port-tried-later'])
  expect(await check({ printer: 'tcp://10.0.0.7:9100' })).toEqual(['+ printer: printer-tried-later'])
  expect(await check({ printer: `folder:${join(folder, 'labels')}` })).toEqual(['+ printerFolder: label-folder-good'])
  expect(await check({ printer: 'folder:/dev/null/labels' })).toEqual(['- printerFolder: label-folder-not-right'])
  expect(await check({ printer: 'lpt1' })).toEqual(['- printer: printer-address'])
  expect(await check({ printer: 'system:Zebra' })).toEqual(['- printer: printer-window-only'])
  expect(await check({ releaseFolder: whole.releaseFolder })).toEqual(['+ releaseFolder: release-good'])
  expect(await check({ releaseFolder: folder })).toEqual(['- releaseFolder: release-not-right'])
  const { paiCertificate, paiKey, product } = whole
  expect(await check({ paiCertificate, paiKey })).toEqual([])
  expect(await check({ paiCertificate, paiKey, product })).toEqual(['+ paiCertificate: attestation-good'])
  // A test vendor's, and not said to be a test build.
  expect(await check({ paiCertificate, paiKey, product, testBuild: true })).toEqual([
    '+ paiCertificate: attestation-good',
  ])
  expect(await check({ paiCertificate, paiKey, product, testBuild: false })).toEqual([
    '- paiCertificate: attestation-not-right',
  ])
  expect(await check({ paiCertificate, paiKey, product, certificationDeclaration: 'none.der' })).toEqual([
    '- certificationDeclaration: declaration-not-right',
  ])
  expect(await check({ paiCertificate, paiKey: 'none.pem', product })).toEqual([
    '- paiCertificate: attestation-not-right',
  ])
})

test('the system’s printers are for the Imprint window; elsewhere they are refused', async () => {
  const refused = (reason: string) => ({ ok: false, error: { code: 'not-now', reason } })
  expect(await stations.call('setUp.printers', {})).toMatchObject(refused('printers-window-only'))
  expect(await stations.call('setUp.save', { ...whole, printer: 'system:Zebra' })).toMatchObject(
    refused('printer-window-only'),
  )
})

test('the whole, where nothing is missing', async () => {
  expect(await check(whole)).toEqual([
    '+ slotPorts.0: port-tried-later',
    '+ printer: no-printer',
    '+ releaseFolder: release-good',
    '+ paiCertificate: attestation-good',
  ])
  // A test vendor is right by itself, and wrong in an order that is for sale.
  expect(await check({ ...whole, testBuild: false })).toContain('- paiCertificate: attestation-not-right')
  const boards = { ...whole.boards, flashKey: 'none.key' }
  expect(await check({ ...whole, boards })).toContain('- flashKey: flash-key-not-right')
  expect(await check({ ...whole, certificationDeclaration: 'none.der' })).toContain(
    '- certificationDeclaration: declaration-not-right',
  )
})
