import { resolve } from 'node:path'
import { Command } from 'commander'
import { writeDemoRelease } from '../firmware/demo-release.ts'
import { readRelease } from '../firmware/release.ts'
import { InputError } from './input-error.ts'
import { makeOutputFolder } from './output-file.ts'

/** `imprint demo-release DIR` */
export const demoReleaseCommand = (): Command =>
  new Command('demo-release')
    .description('write a well-formed ESP32-C3 build folder, for trying things out')
    .argument('<dir>', 'folder to write; it is made')
    .option('--app-size <bytes>', 'size of the app image, about', '1500000')
    .option('--app-version <text>', 'version in the app image', '1.4.2')
    .action(async (dir: string, options: { appSize: string; appVersion: string }) => {
      const appSize = Number(options.appSize)
      if (!Number.isInteger(appSize) || appSize < 4096 || appSize > 1_900_000)
        throw new InputError(`--app-size ${options.appSize} is not allowed; 4096 to 1900000 bytes are`)
      const folder = resolve(dir)
      await makeOutputFolder('DIR', dir)
      await writeDemoRelease(folder, { appSize, version: options.appVersion })
      const release = await readRelease(folder)
      process.stdout.write(`${folder}: ${release.name} ${release.version} for ${release.chip.label}\n`)
    })
