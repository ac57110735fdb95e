/** What a Certification Declaration says. */
import { readDeclaration } from '../matter/certification-declaration.ts'
import { CERTIFICATION_TYPES, declarationFaults } from '../matter/declaration-check.ts'
import { DeclarationError } from '../matter/declaration-content.ts'
import { facts, hex, idWords, type Inspection } from './inspection.ts'

const TITLE = 'Certification Declaration'

/** @param der CMS signed data */
export const inspectDeclaration = (der: Uint8Array): Inspection => {
  const common = { kind: 'certification-declaration', title: TITLE, evidence: { declarations: [der] } } as const
  try {
    const signed = readDeclaration(der)
    const { declaration } = signed
    const { dacOrigin, authorizedPaas, certificationType, productIds } = declaration
    return {
      ...common,
      facts: facts(
        { name: 'vendorId', label: 'vendor ID', value: declaration.vendorId, words: idWords(declaration.vendorId) },
        { name: 'productIds', label: 'product IDs', value: productIds.map(idWords) },
        {
          name: 'deviceTypeId',
          label: 'device type',
          value: declaration.deviceTypeId,
          words: idWords(declaration.deviceTypeId),
        },
        { name: 'certificateId', label: 'certificate ID', value: declaration.certificateId },
        {
          name: 'certificationType',
          label: 'type',
          value: certificationType,
          words: CERTIFICATION_TYPES[certificationType as 0] ?? `${certificationType}, which is not known`,
        },
        { name: 'versionNumber', label: 'version', value: declaration.versionNumber },
        { name: 'securityLevel', label: 'security level', value: declaration.securityLevel },
        { name: 'securityInformation', label: 'security information', value: declaration.securityInformation },
        {
          name: 'dacOrigin',
          label: 'origin of the DACs',
          value: dacOrigin && [idWords(dacOrigin.vendorId), idWords(dacOrigin.productId)],
        },
        { name: 'authorizedPaas', label: 'authorized PAAs', value: authorizedPaas?.map(hex) },
        { name: 'signerKeyId', label: 'signed by key', value: hex(signed.signerKeyIdentifier) },
      ),
      problems: declarationFaults(signed, {}).map(({ code, message }) => ({ severity: 'error', code, message })),
    }
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error
    return { ...common, facts: [], problems: [{ severity: 'error', code: 'unreadable', message: error.message }] }
  }
}
