/** The options of `imprint generate`: the incumbent's, short and long, in its groups, then those that it has not. */
import { resolve } from 'node:path'
import { Command, Option, type Help } from 'commander'
import { CALENDAR_TYPES } from '../generation/cluster-lists.ts'
import { LOCATION_CAPABILITIES, PRODUCT_COLORS, PRODUCT_FINISHES } from '../generation/product-fields.ts'

/** Short options of two letters, which commander does not know. */
const SHORT: Readonly<Record<string, string>> = {
  '-cf': '--commissioning-flow',
  '-dm': '--discovery-mode',
  '-lt': '--lifetime',
  '-vf': '--valid-from',
  '-cn': '--cn-prefix',
  '-cd': '--cert-dclrn',
  '-ds': '--ds-peripheral',
}
const BY_LONG = new Map(Object.entries(SHORT).map(([short, long]) => [long, short]))

/** A command that takes short options of two letters as well. */
class GenerateCommand extends Command {
  override parseOptions(args: string[]): ReturnType<Command['parseOptions']> {
    return super.parseOptions(args.map((arg) => SHORT[arg] ?? arg))
  }
}

const optionTerm = (option: Option): string => {
  const short = BY_LONG.get(option.long ?? '')
  return short === undefined ? option.flags : `${short}, ${option.flags}`
}

const lower = (choices: readonly string[]): string => choices.join(', ')

/** Options in the order of `--help`: flags, what they mean, and the default where there is one. */
type Row = readonly [flags: string, description: string, value?: string]

const GROUPS: readonly { readonly name: string; readonly rows: readonly Row[] }[] = [
  {
    name: 'General options:',
    rows: [
      ['-n, --count <n>', 'how many devices to make; with --mcsv, its rows count (default: 1)'],
      ['--target <chip>', 'chip of the devices', 'esp32'],
      ['-s, --size <bytes>', 'size of the manufacturing partition, a multiple of 4096', '0x6000'],
      ['-e, --encrypt', 'encrypt the partitions, each under keys of its own'],
      ['--log-level <level>', 'debug, info or error', 'info'],
      ['--outdir <dir>', 'folder for <vid>_<pid>/ (default: ./out)'],
      ['--no-bin', 'make no partition images, only their CSV'],
      ['--no-secure-cert-bin', 'make no esp_secure_cert images; all goes into the manufacturing partition'],
    ],
  },
  {
    name: 'Commissioning options:',
    rows: [
      ['--passcode <n>', 'passcode of the one device (default: random)'],
      ['--discriminator <n>', 'discriminator of the one device, 0 to 4095 (default: random)'],
      ['--commissioning-flow <n>', '0 standard, 1 user intent, 2 custom', '0'],
      ['--discovery-mode <mask>', 'sum of 2 BLE, 4 on-network, 8 Wi-Fi PAF, 16 NFC, 32 Thread', '2'],
      ['--enable-dynamic-passcode', 'the firmware makes its passcodes: no verifier, no codes'],
      ['--salt <base64>', 'SPAKE2+ salt of the one device, 16 to 32 bytes'],
      ['--verifier <base64>', 'SPAKE2+ verifier of the one device; needs --salt and --passcode'],
      ['--iteration-count <n>', 'of PBKDF2, 1000 to 100000', '10000'],
      ['--commissionable-data-in-secure-cert', 'keep discriminator, salt and verifier in esp_secure_cert'],
    ],
  },
  {
    name: 'Device attestation credential options:',
    rows: [
      ['--dac-in-secure-cert', 'keep the DAC, its key and the PAI in esp_secure_cert'],
      ['--lifetime <days>', "how long new certificates are valid, or 'none' for no expiry (default: 36500)"],
      ['--valid-from <date>', "'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS', UTC (default: now)"],
      ['--cn-prefix <text>', 'begins the common name of a new PAI', 'ESP32'],
      ['-c, --cert <file>', 'certificate of the PAI or PAA, PEM or DER'],
      ['-k, --key <file>', 'its key, PEM, DER or PKCS#12, encrypted or not'],
      ['--cert-dclrn <file>', 'Certification Declaration, DER'],
      ['--dac-cert <file>', 'DAC of the one device; needs --pai'],
      ['--dac-key <file>', 'key of that DAC'],
      ['--ds-peripheral', 'the ECDSA peripheral holds the key of the DAC: the image does not'],
      ['--efuse-key-id <n>', 'eFuse key block of that key, 0 to 5', '-1'],
      ['--port <port>', 'not used: nothing is burned into eFuses here'],
      ['--pwd, --password <text>', 'password of the keys'],
      ['--dacs <path>', 'folder, or CSV file with dac-cert and dac-key, of DACs made elsewhere; each is used once'],
      ['--paa-cert <file>', 'PAA that the PAI of --pai must be issued by'],
      ['--cd-signer <file>', 'certificates that may sign the Certification Declaration, PEM'],
      ['--no-private-keys', 'write no files with private keys; the images hold what the device needs'],
    ],
  },
  {
    name: 'Input certificate type:',
    rows: [
      ['--paa', '--cert is a PAA: a new PAI is made under it'],
      ['--pai', '--cert is a PAI'],
    ],
  },
  {
    name: 'Device instance information options:',
    rows: [
      ['-v, --vendor-id <id>', 'vendor ID, 1 to 65535, decimal or 0x…'],
      ['--vendor-name <text>', 'vendor name, 32 bytes'],
      ['-p, --product-id <id>', 'product ID, 1 to 65535, decimal or 0x…'],
      ['--product-name <text>', 'product name, 32 bytes'],
      ['--hw-ver <n>', 'hardware version, 0 to 65535'],
      ['--hw-ver-str <text>', 'hardware version as text, 64 bytes'],
      ['--mfg-date <date>', 'manufacturing date, YYYY-MM-DD or YYYYMMDD, 16 bytes with what follows it'],
      ['--serial-num <text>', 'serial number of the one device, 32 bytes (default: random)'],
      ['--enable-rotating-device-id', 'give each device a unique ID for rotating device identifiers'],
      ['--rd-id-uid <hex>', 'that unique ID of the one device, 32 hexadecimal digits'],
      ['--rd-id-uid-in-secure-cert', 'keep it in esp_secure_cert'],
      ['--product-finish <finish>', lower(PRODUCT_FINISHES)],
      ['--product-color <color>', lower(PRODUCT_COLORS)],
      ['--part-number <text>', 'part number, 32 bytes'],
    ],
  },
  {
    name: 'Device instance options:',
    rows: [
      ['--calendar-types <types...>', lower(CALENDAR_TYPES)],
      ['--locales <locales...>', 'language tags, such as en-US en-GB'],
      ['--fixed-labels <labels...>', 'ENDPOINT/LABEL/VALUE, such as 0/orientation/up'],
      ['--supported-modes <modes...>', 'MODE/LABEL/ENDPOINT/"VALUE\\MFGCODE, …"; the last part may be left out'],
    ],
  },
  {
    name: 'Few more Basic clusters options:',
    rows: [
      ['--product-label <text>', 'product label, 64 bytes'],
      ['--product-url <text>', 'product URL, 256 bytes'],
      ['--loc-capability <where>', lower(LOCATION_CAPABILITIES)],
    ],
  },
  {
    name: 'Extra information options using csv files:',
    rows: [
      ['--mqtt-host <host>', 'MQTT host of RainMaker'],
      ['--csv <file>', 'the columns of --mcsv: key,type,encoding or namespace,namespace, a row'],
      ['--mcsv <file>', "a device a row, with its own values; 'passcode', 'dac-cert' and 'dac-key' are possible, too"],
    ],
  },
  {
    name: 'Output options:',
    rows: [
      [
        '--ledger <db>',
        'records of all devices ever made: nothing is used twice, and the same command goes on after an interruption',
      ],
      ['--json', 'progress and result as lines of JSON'],
    ],
  },
]

const REQUIRED = ['-v, --vendor-id <id>', '-p, --product-id <id>']

/** `imprint generate` without what it does. */
export const commandWithOptions = (): Command => {
  const command = new GenerateCommand('generate')
    .description('make manufacturing partitions with credentials and codes, as esp-matter-mfg-tool does')
    .configureHelp({ optionTerm } satisfies Partial<Help>)
  for (const { name, rows } of GROUPS)
    for (const [flags, description, value] of rows) {
      const option = new Option(flags, description).helpGroup(name)
      if (value !== undefined) option.default(value)
      command.addOption(REQUIRED.includes(flags) ? option.makeOptionMandatory() : option)
    }
  // Not shown with its whole path.
  command.setOptionValueWithSource('outdir', resolve('out'), 'default')
  return command
}
