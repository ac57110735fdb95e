/** Products, releases and orders through the requests that screens ask, on the demo's bench. */
import { createPrivateKey, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  plainScheme,
  REQUESTS,
  type OrderDetails,
  type OrderInput,
  type ProductDefinition,
  type ProductView,
  type ReleaseView,
  type RequestName,
  type RequestParams,
  type RequestResult,
  type View,
} from '../../src/contract/index.ts'
import { newDac } from '../../src/main/identities/make-identity.ts'
import { certificatePem } from '../../src/main/matter/certificate-issue.ts'
import { readCertificate } from '../../src/main/matter/certificate-read.ts'
import { privateKeyPem, signingKey } from '../../src/main/matter/key-pair.ts'
import { readKeyFile } from '../../src/main/matter/key-file.ts'
import { resource } from '../../src/main/resources.ts'
import { openStations, type Stations } from '../../src/main/station/stations.ts'

const PAI = { certificate: resource('demo', 'test-pai-cert.pem'), key: resource('demo', 'test-pai-key.pem') }

let folder = ''
let stations: Stations
const open = async (): Promise<void> => {
  stations = await openStations({
    host: 'web',
    mode: 'demo',
    folder: join(folder, 'data'),
    where: 'test',
    pace: 20,
    demoRelease: { appSize: 60_000 },
  })
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-order-requests-'))
  await open()
  await ask('order.stop', {})
})
afterEach(async () => {
  await stations.close()
  rmSync(folder, { recursive: true })
})

const ask = async <N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> => {
  const outcome = await stations.call(name, params)
  if (!outcome.ok) throw Object.assign(new Error(outcome.error.message), outcome.error)
  return REQUESTS[name].result.parse(outcome.result) as RequestResult<N>
}
const until = async (what: (view: View) => boolean): Promise<View> => {
  while (!what(stations.view())) await new Promise((resolve) => setTimeout(resolve, 50))
  return stations.view()
}
const product = async (): Promise<ProductView> => {
  const [found] = (await ask('products.list', {})).products
  if (!found) throw new Error('the demo has a product')
  return found
}
const release = async (): Promise<ReleaseView> => {
  const [found] = (await ask('releases.list', {})).releases
  if (!found) throw new Error('the demo has a release')
  return found
}
/** A release of its own, which a test may change. */
const ownRelease = async (): Promise<{ id: string; folder: string }> => {
  const own = join(folder, 'build')
  cpSync((await release()).folder, own, { recursive: true })
  const { id } = await ask('releases.register', { folder: own, factoryPartition: null })
  return { id, folder: own }
}
const input = async (change: Partial<OrderInput> = {}): Promise<OrderInput> => ({
  number: 'WO-1',
  productId: (await product()).id,
  releaseId: (await release()).id,
  manifestId: null,
  quantity: 3,
  due: '2026-12-24',
  lot: 'L7',
  customerReference: 'PO 4711',
  notes: '',
  firstArticle: true,
  ...change,
})
const create = async (change: Partial<OrderInput> = {}): Promise<string> =>
  (await ask('orders.create', await input(change))).id
const details = (id: string): Promise<OrderDetails> => ask('orders.get', { id })

describe('products', () => {
  const change = async (id: string | null, definition: Partial<ProductDefinition>, password?: string | null) =>
    ask('products.save', {
      id,
      definition: { ...(await product()).definition, ...definition },
      ...(password === undefined ? {} : { password }),
    })

  test('what is written cannot change while an order is open; where files lie can', async () => {
    await create()
    const { id, openOrders } = await product()
    expect(openOrders).toContain('WO-1')
    await expect(change(id, { hardwareVersion: 2 })).rejects.toMatchObject({
      code: 'not-now',
      message: expect.stringMatching(/Open orders use 'Aurora Lamp E27' as it is: .*WO-1\. Close them first/u),
    })
    await change(id, { attestation: { kind: 'pai', certificate: PAI.certificate, key: PAI.key } })
    await expect(ask('products.archive', { id, archived: true })).rejects.toMatchObject({ code: 'not-now' })
  })

  test('each is checked with its files, and needs a name of its own', async () => {
    await expect(change(null, {})).rejects.toMatchObject({ message: expect.stringMatching(/another name/u) })
    await expect(change(null, { name: 'Other', vendorId: 0xfff2 })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/names vendor FFF1, the product has FFF2/u),
    })
    await expect(
      change(null, {
        name: 'Other',
        labels: { ...(await product()).definition.labels, template: { name: 'nope', version: null } },
      }),
    ).rejects.toThrow(/no label template “nope”/u)
  })

  test('a password is sealed: in no answer, in no file, and used when the order is opened', async () => {
    const key = join(folder, 'encrypted.pem')
    const plain = createPrivateKey(readFileSync(PAI.key))
    const password = 'open-sesame-4711'
    writeFileSync(key, plain.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password }))
    const attestation = { kind: 'pai' as const, certificate: PAI.certificate, key }
    await expect(change(null, { name: 'Sealed', attestation })).rejects.toThrow(/password/u)
    const { id } = await change(null, { name: 'Sealed', attestation }, password)
    // A change without a password keeps it.
    await change(id, { name: 'Sealed', attestation, hardwareVersion: 7 })
    const { products } = await ask('products.list', {})
    expect(products.find((each) => each.id === id)).toMatchObject({ hasPassword: true })
    expect(JSON.stringify(products)).not.toContain(password)

    const order = await create({ productId: id })
    await ask('orders.open', { id: order })
    expect(stations.view().order).toMatchObject({ number: 'WO-1', productName: 'Sealed' })
    await stations.close()
    for (const file of ['records.db', 'records.db-wal'])
      expect(readFileSync(join(folder, 'data', file), { flag: 'a+' }).includes(password)).toBe(false)
    await open()
    expect(stations.view().order?.number).toBe('WO-1')
  })
})

describe('orders', () => {
  test('lock the digest of everything they write, and say which file has changed', async () => {
    const own = await ownRelease()
    const id = await create({ releaseId: own.id })
    const { locked } = await details(id)
    expect(locked.images.length).toBeGreaterThan(2)
    for (const digest of [locked.release, locked.paiCertificate, locked.certificationDeclaration, locked.label.digest])
      expect(digest).toMatch(/^[0-9a-f]{64}$/u)

    await ask('orders.open', { id })
    const image = locked.images.find(({ name }) => name.includes('partition-table'))?.name ?? ''
    appendFileSync(join(own.folder, image), Uint8Array.of(0xff))
    const changed = expect.stringMatching(
      /Order WO-1 is locked to other content than .*partition-table\.bin has SHA-256/u,
    )
    await expect(ask('order.start', {})).rejects.toMatchObject({ message: changed })
    await expect(ask('orders.open', { id })).rejects.toMatchObject({ message: changed })
    expect(stations.view().order?.state).toBe('ready')
    await expect(create({ number: 'WO-2', releaseId: own.id })).rejects.toThrow(/register it again/u)
  })

  test('need a chip that the product allows', async () => {
    const { definition } = await product()
    const { id } = await ask('products.save', {
      id: null,
      definition: { ...definition, name: 'H2 only', chips: ['esp32h2'], serial: plainScheme('H-') },
    })
    await expect(create({ productId: id })).rejects.toThrow(/is for ESP32-C3, 'H2 only' is made with ESP32-H2 only/u)
  })

  test('one that runs is not left; a closed one is not opened', async () => {
    const id = await create({ firstArticle: false, quantity: 300 })
    const other = await create({ number: 'WO-2' })
    await ask('orders.open', { id })
    await ask('order.start', {})
    await expect(ask('orders.open', { id: other })).rejects.toThrow(/WO-1 is running: pause it first/u)
    await expect(ask('orders.close', { id })).rejects.toThrow(/WO-1 is running: pause it first/u)
    await ask('order.pause', {})
    await ask('orders.close', { id })
    expect(stations.view()).toMatchObject({ order: null, next: { code: 'choose-order' } })
    expect(await details(id)).toMatchObject({ state: 'closed', closed: { who: 'Demo' } })
    await expect(ask('orders.open', { id })).rejects.toThrow(/Order WO-1 is closed; clone it/u)
    await expect(ask('orders.close', { id })).rejects.toThrow(/closed already/u)
    await ask('orders.open', { id: other })
    expect(stations.view().order?.number).toBe('WO-2')
  })

  test('make one unit and wait for its approval, also after a restart', async () => {
    const id = await create()
    await ask('orders.open', { id })
    await expect(ask('orders.approve', { id, comment: '' })).rejects.toThrow(/no first article that waits/u)
    await ask('order.start', {})
    await until((view) => view.next.code === 'approve-first-article')
    await stations.close()
    await open()
    await ask('order.start', {})
    const { order } = await until((view) => view.next.code === 'approve-first-article')
    expect(order).toMatchObject({ state: 'running', passed: 1, firstArticle: { state: 'to-approve' } })
    await ask('orders.approve', { id, comment: 'measured' })
    await until((view) => view.order?.state === 'finished')
    expect(await details(id)).toMatchObject({
      passed: 3,
      state: 'finished',
      firstArticle: { state: 'approved', approval: { who: 'Demo', comment: 'measured' } },
    })
  })

  describe('with DACs that were bought', () => {
    const buy = (bought: string, count: number): void => {
      mkdirSync(bought, { recursive: true })
      const { subject, subjectKeyIdentifier } = readCertificate(readFileSync(PAI.certificate), 'PAI')
      const { key } = readKeyFile(readFileSync(PAI.key), 'PAI key', undefined)
      const issuer = { subject, key: signingKey(key), keyIdentifier: subjectKeyIdentifier ?? new Uint8Array() }
      const plan = {
        orderId: '',
        vendorId: 0xfff1,
        productId: 0x8000,
        iterations: 1000,
        validTo: new Date('2040-01-01'),
      }
      for (let index = 0; index < count; index++) {
        const name = `device ${randomBytes(4).toString('hex')}`
        const dac = newDac(plan, issuer, name, new Date('2026-11-24'), randomBytes)
        writeFileSync(join(bought, `${name}.crt`), certificatePem(dac.certificate))
        writeFileSync(join(bought, `${name}.key`), privateKeyPem(dac))
      }
    }
    const boughtProduct = async (bought: string): Promise<string> => {
      const { definition } = await product()
      const attestation = { kind: 'dacs' as const, certificate: PAI.certificate, dacs: bought }
      const { id } = await ask('products.save', {
        id: null,
        definition: { ...definition, name: 'Bought', serial: plainScheme('B-'), attestation },
      })
      return id
    }
    /** DACs of boards, as PEM. */
    const bound = async (): Promise<string[]> => {
      await stations.close()
      const database = new DatabaseSync(join(folder, 'data', 'records.db'), { readOnly: true })
      const made = database
        .prepare(`SELECT dac_certificate AS dac FROM identities WHERE serial LIKE 'B-%' AND state = 'bound'`)
        .all()
        .map(({ dac }) => certificatePem(dac as Uint8Array))
      database.close()
      await open()
      return made.toSorted()
    }
    const inFolder = (bought: string): string[] =>
      readdirSync(bought)
        .filter((name) => name.endsWith('.crt'))
        .map((name) => readFileSync(join(bought, name), 'utf8'))
        .toSorted()

    test('each is used for one board, and orders are refused before the first when there are too few', async () => {
      const bought = join(folder, 'bought')
      buy(bought, 2)
      const productId = await boughtProduct(bought)
      const make = async (number: string, quantity: number): Promise<string> => {
        const id = await create({ number, quantity, productId, firstArticle: false })
        await ask('orders.open', { id })
        await ask('order.start', {})
        await until((view) => view.order?.state === 'finished')
        return id
      }
      await expect(make('WO-3', 3)).rejects.toThrow(
        /bought has DACs for 2 more devices, and the order needs 3; add DACs/u,
      )
      await make('WO-2', 2)
      await expect(make('WO-1', 1)).rejects.toThrow(/DACs for 0 more devices, and the order needs 1/u)
      buy(bought, 1)
      await ask('orders.open', {
        id: (await ask('orders.list', {})).orders.find(({ number }) => number === 'WO-1')?.id ?? '',
      })
      await ask('order.start', {})
      await until((view) => view.order?.state === 'finished')
      expect(await bound()).toEqual(inFolder(bought))
    })

    test('those that an order prepared and gave to no board are free when it is closed; the start reads none again', async () => {
      const bought = join(folder, 'to-give-back')
      const count = 12
      buy(bought, count)
      const productId = await boughtProduct(bought)
      const first = await create({ number: 'WO-4', quantity: count, productId, firstArticle: false })
      await ask('orders.open', { id: first })
      await ask('order.start', {})
      await ask('order.pause', {})
      const { order: paused } = await until(
        ({ order }) => order?.running === 0 && order.identitiesReady === count - order.passed,
      )
      await ask('orders.close', { id: first })
      const left = count - (paused?.passed ?? 0)
      expect(left).toBeGreaterThan(0)
      const second = await create({ number: 'WO-5', quantity: left, productId, firstArticle: false })
      await ask('orders.open', { id: second })
      renameSync(bought, `${bought}-away`)
      await ask('order.start', {})
      await until((view) => view.order?.state === 'finished')
      expect(await bound()).toEqual(inFolder(`${bought}-away`))
    })
  })

  test('stand when their first article is rejected, and make another when they are started again', async () => {
    const id = await create({ quantity: 1 })
    await ask('orders.open', { id })
    await expect(ask('orders.reject', { id, reason: 'why not' })).rejects.toThrow(/no first article that waits/u)
    await ask('order.start', {})
    // One unit is all that is wanted: the order is finished with it, until it is rejected.
    await until((view) => view.order?.state === 'finished')
    await ask('orders.reject', { id, reason: 'the label is crooked' })
    const { order, slots } = stations.view()
    expect(order).toMatchObject({ state: 'paused', passed: 0, failed: 1, endedAt: null })
    expect(slots.find(({ failure }) => failure?.code === 'rejected')).toMatchObject({ state: 'fail', label: null })
    await until((view) => view.next.code === 'first-article-rejected')
    await stations.close()
    await open()
    expect(stations.view().next.code).toBe('first-article-rejected')
    await ask('order.start', {})
    await until((view) => view.order?.state === 'finished')
    await ask('orders.approve', { id, comment: '' })
    expect(await details(id)).toMatchObject({
      passed: 1,
      firstArticle: { state: 'approved', rejections: [{ reason: 'the label is crooked', who: 'Demo' }] },
    })
  })

  test('have a traveller of one page, in both languages', async () => {
    const id = await create({ lot: '批次 7', notes: 'Handle with care. '.repeat(12) })
    for (const language of ['en', 'zh-Hans'] as const) {
      const { name, content } = await ask('orders.traveller', { id, language })
      const pdf = Buffer.from(content, 'base64').toString('latin1')
      expect(name).toBe('traveller-WO-1.pdf')
      expect(pdf.startsWith('%PDF-')).toBe(true)
      expect(pdf.match(/\/Type \/Page\b/gu)).toHaveLength(1)
    }
  })

  test('come from a table, all or none', async () => {
    const table = (rows: string) =>
      ask('orders.import', { name: 'monday.csv', text: `number,product,release,quantity,due\n${rows}` })
    const row = (number: string, due = '') => `${number},Aurora Lamp E27,${`${releaseName}`},5,${due}\n`
    const { name, version } = await release()
    const releaseName = `${name} ${version}`.trim()
    await expect(table(row('WO-7') + row('WO-8', 'soon'))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(
        /Nothing of the table was taken.*monday\.csv, row 3, .*soon.*2026-12-24/u,
      ) as string,
    })
    await create()
    await expect(table(row('WO-7') + row('WO-1'))).rejects.toThrow(
      /monday\.csv, row 3: There is an order WO-1 already/u,
    )
    expect((await ask('orders.list', {})).orders.map(({ number }) => number)).not.toContain('WO-7')
    expect(await table(row('WO-7', '2026-12-24') + row('WO-8'))).toEqual({ numbers: ['WO-7', 'WO-8'] })
  })

  test('are found, or filled in, by the code of a work order', async () => {
    const id = await create()
    expect(await ask('orders.scan', { text: 'WO-1' })).toEqual({ kind: 'order', id, number: 'WO-1' })
    expect(await ask('orders.scan', { text: 'WO:WO-9;P=Aurora Lamp E27;Q=12;L=L 9' })).toEqual({
      kind: 'draft',
      fields: { number: 'WO-9', productId: (await product()).id, quantity: 12, lot: 'L 9' },
    })
    await expect(ask('orders.scan', { text: 'WO:WO-9;X=1' })).rejects.toMatchObject({ code: 'invalid' })
  })
})
