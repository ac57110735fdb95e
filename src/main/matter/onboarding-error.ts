/** Why a QR payload, a manual pairing code or one of their values is not valid. */
export class OnboardingError extends Error {
  readonly code: 'character' | 'length' | 'value' | 'check-digit' | 'version' | 'range'
  constructor(code: OnboardingError['code'], message: string) {
    super(message)
    this.name = 'OnboardingError'
    this.code = code
  }
}
