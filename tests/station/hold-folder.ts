/** A process that holds a data folder until it is killed. */
import { lockFolder } from '../../src/main/folder-lock.ts'

lockFolder(process.argv[2] ?? '', 'the test')
process.stdout.write('held\n')
setInterval(() => undefined, 1000)
