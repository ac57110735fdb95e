/** A guard against key files that would keep the machine busy for hours: password-based encryption states its own iteration count. */
import { childrenOf, DerError, readDer, type DerNode } from './der-read.ts'
import { KeyError } from './key-pair.ts'

const MOST_ITERATIONS = 2_000_000
const DEEPEST = 24
const TAG = { integer: 0x02, octetString: 0x04 } as const

/** PBKDF2's and PKCS#12's parameters alike: a salt, and the count right after it. */
const checkPair = (salt: DerNode | undefined, count: DerNode | undefined): void => {
  if (salt?.tag !== TAG.octetString || count?.tag !== TAG.integer) return
  const iterations = BigInt(`0x${Buffer.from(count.content).toString('hex') || '0'}`)
  if (iterations > MOST_ITERATIONS)
    throw new KeyError(`it asks for ${iterations} iterations of its password; ${MOST_ITERATIONS} are allowed`)
}

const innerOf = (node: DerNode): readonly DerNode[] => {
  try {
    if ((node.tag & 0x20) !== 0) return childrenOf(node, 'it', node.tag)
    // PKCS#12 keeps further structures within octet strings.
    return node.tag === TAG.octetString ? [readDer(node.content)] : []
  } catch (error) {
    if (error instanceof DerError) return []
    throw error
  }
}

const walk = (node: DerNode, depth: number): void => {
  if (depth > DEEPEST) return
  const inner = innerOf(node)
  for (const [index, child] of inner.entries()) {
    checkPair(child, inner[index + 1])
    walk(child, depth + 1)
  }
}

/** @throws KeyError when a salt anywhere in it is followed by a count above the limit; DerError when it is no DER */
export const checkIterations = (der: Uint8Array): void => walk(readDer(der), 0)
